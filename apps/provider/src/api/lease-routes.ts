import type { Lease } from '@hamster/chain-client';
import { Type, type Static } from '@hamster/daemon';
import type { ApiApp } from '@hamster/daemon-api';
import { hamOf } from '../ham.ts';
import { incomeOf, type LeaseIncome } from '../market/income.ts';
import type { MarketView } from '../market/market-view.ts';
import { Ham, Size, Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const LeaseForm = Type.Object({
  id: Type.Integer(),
  renter: Type.String({ description: 'SS58' }),
  image: Type.String(),
  size: Size('What is leased'),
  status: Type.String({ description: 'Active, Suspended, Disputed, Finished, Terminated or Faulted' }),
  startedAt: Time('Its begin'),
  endsAt: Time('Its end'),
  lastHeartbeat: Time('The last report that counted'),
  pricePerHour: Ham('Rent of an hour'),
  collateral: Ham('Locked of the stake'),
  ended: Type.Optional(Type.Object({ at: Time('When it was closed'), reason: Type.String() })),
});
const OrderForm = Type.Object({
  id: Type.Integer(),
  renter: Type.String({ description: 'SS58' }),
  image: Type.String(),
  size: Size('What is ordered'),
  hours: Type.Integer(),
  pricePerHour: Ham('Rent of an hour'),
  expiresAt: Time('Until when it can be accepted'),
});
const Leases = Type.Object(
  { orders: Type.Array(OrderForm), leases: Type.Array(LeaseForm) },
  { description: 'Orders that wait, and leases, closed ones too as long as the chain keeps them' },
);

const Income = Type.Object(
  {
    settled: Ham('Rent that the chain has paid out for this machine'),
    settledAfterFee: Ham("That, less the protocol's fee"),
    pending: Ham('Rent of time that has passed; the next reports pay it out'),
    withdrawable: Ham('What the account can send away now'),
    stake: Type.Object({
      active: Ham('At stake'),
      locked: Ham('Of it, collateral of leases'),
      unbonding: Ham('On its way out'),
    }),
    leases: Type.Array(
      Type.Object({
        lease: Type.Integer(),
        status: Type.String(),
        settled: Ham('Rent paid out'),
        settledAfterFee: Ham('That, less the fee'),
        pending: Ham('Rent of time that has passed'),
      }),
    ),
  },
  { description: 'As far back as the chain remembers leases' },
);

export function addLeaseRoutes(app: ApiApp, { market }: ApiModules): void {
  const tags = ['market'];
  app.get('/leases', {
    schema: { summary: 'Orders and leases of this machine', tags, response: { 200: Leases } },
    handler: async () => leasesOf(await market.current()),
  });
  app.get('/income', {
    schema: { summary: 'What it has brought', tags, response: { 200: Income } },
    handler: async () => toIncome(await market.current()),
  });
}

function leasesOf({ orders, leases }: MarketView): Static<typeof Leases> {
  const waiting = orders.filter(({ status }) => status === 'Pending');
  return {
    orders: waiting.map(({ pricePerHour, spec, ...order }) => ({
      ...order,
      size: spec,
      pricePerHour: hamOf(pricePerHour),
    })),
    leases: leases.map(toLease),
  };
}

function toLease({ spec, pricePerHour, collateral, closed, ...lease }: Lease): Static<typeof LeaseForm> {
  return {
    ...lease,
    size: spec,
    pricePerHour: hamOf(pricePerHour),
    collateral: hamOf(collateral),
    ...(closed && { ended: closed }),
  };
}

function toIncome(view: MarketView): Static<typeof Income> {
  const { leases, paid, afterFee, pending, withdrawable } = incomeOf(view);
  const { active, locked, unbonding } = view.stake;
  return {
    settled: hamOf(paid),
    settledAfterFee: hamOf(afterFee),
    pending: hamOf(pending),
    withdrawable: hamOf(withdrawable),
    stake: {
      active: hamOf(active),
      locked: hamOf(locked),
      unbonding: hamOf(unbonding.reduce((sum, { amount }) => sum + amount, 0n)),
    },
    leases: leases.map(toLeaseIncome),
  };
}

function toLeaseIncome({ lease, paid, afterFee, pending }: LeaseIncome) {
  return {
    lease: lease.id,
    status: lease.status,
    settled: hamOf(paid),
    settledAfterFee: hamOf(afterFee),
    pending: hamOf(pending),
  };
}
