import { AccountId } from '@hamster/frame';
import { resourceOrder } from '@hamster/pallets';
import { field, option, struct, u32, u64, variant, vec } from '@hamster/scale';
import { type Api, method } from './method.ts';
import { pageOf } from './paging.ts';
import type { ApiParts } from './parts.ts';

const Role = variant('hamster_primitives::Role', { Renter: null, Provider: null });

const NEXT = field(option(u64), 'The `after` of the next page; none when this is the last one.');

const LeasePage = struct('hamster_primitives::LeasePage', {
  leases: vec(struct('hamster_primitives::NumberedLease', { id: u64, lease: resourceOrder.Lease })),
  next: NEXT,
});

const OrderPage = struct('hamster_primitives::OrderPage', {
  orders: vec(struct('hamster_primitives::NumberedOrder', { id: u64, order: resourceOrder.Order })),
  next: NEXT,
});

const PAGING = [
  'In the order of the state, which is not that of the ids. At most `limit` and at most 128, behind the one with the',
  'id `after`. A page may be short or empty before the end: go on until `next` is none.',
];

export const leasesApi = ({ composition, reads: { orders } }: ApiParts): Api => {
  const inputs = { account: AccountId, role: Role, after: option(u64), limit: u32 };
  return {
    name: 'LeasesApi',
    docs: ['Orders and leases of an account, those too that ended and are not forgotten yet.'],
    methods: [
      method('leases_of', {
        inputs,
        output: LeasePage,
        docs: ['Leases in which the account is the renter, or the provider.', ...PAGING],
        run(state, { account, role, after, limit }) {
          const ctx = composition.context(state);
          const { items, next } = pageOf(orders.idsOf(ctx, role.type, account, after), limit, (id) => {
            const lease = orders.leaseAt(ctx, id);
            return { item: lease && { id, lease }, steps: 2 };
          });
          return { leases: items, next };
        },
      }),
      method('orders_of', {
        inputs,
        output: OrderPage,
        docs: [
          'Orders that the account made, or got. An order that became a lease shares its id.',
          ...PAGING,
        ],
        run(state, { account, role, after, limit }) {
          const ctx = composition.context(state);
          const { items, next } = pageOf(orders.idsOf(ctx, role.type, account, after), limit, (id) => {
            const order = orders.orderAt(ctx, id);
            return { item: order && { id, order }, steps: 2 };
          });
          return { orders: items, next };
        },
      }),
    ],
  };
};
