import { type AccountId, bytesEqual, type Context, ensureInvariant } from '@hamster/frame';

import { isLive, isRunning } from './access.ts';
import type { ResourceOrderConfig } from './config.ts';
import { costFrom } from './rules/stream.ts';
import {
  Agenda,
  Closing,
  Leases,
  Looks,
  NextOrderId,
  Orders,
  OrdersOfProvider,
  OrdersOfRenter,
  Timeouts,
} from './storage.ts';
import type { Lease, Order, Task } from './types.ts';

interface Sum {
  readonly who: AccountId;
  readonly amount: bigint;
}

/** Amounts by account. */
const sums = (parts: Iterable<Sum>): Sum[] => {
  const byAccount = new Map<string, Sum>();
  for (const { who, amount } of parts) {
    const key = who.join();
    byAccount.set(key, { who, amount: amount + (byAccount.get(key)?.amount ?? 0n) });
  }
  return [...byAccount.values()];
};

const checkEscrow = (
  ctx: Context,
  { currency }: ResourceOrderConfig,
  orders: readonly Order[],
  leases: readonly Lease[],
): void => {
  const ofOrders = orders.map(({ renter, escrow, status }) => ({
    who: renter,
    amount: status.type === 'Pending' ? escrow : 0n,
  }));
  const ofLeases = leases.map(({ renter, escrow }) => ({ who: renter, amount: escrow }));
  for (const { who, amount } of sums([...ofOrders, ...ofLeases])) {
    const held = currency.held(ctx, 'LeaseEscrow', who);
    ensureInvariant(held === amount, `${held} is held as escrow, but orders and leases explain ${amount}`);
  }
};

const checkCollateral = (
  ctx: Context,
  { collateral }: ResourceOrderConfig,
  leases: readonly Lease[],
): void => {
  for (const { who, amount } of sums(
    leases.map((lease) => ({ who: lease.provider, amount: lease.collateral })),
  )) {
    const locked = collateral.locked(ctx, who);
    ensureInvariant(locked === amount, `${locked} is locked as collateral, but leases explain ${amount}`);
  }
};

/** Other prices lie ahead, one behind the other, before the end. */
const checkStretches = (id: bigint, { later, settled_until, ends_at, closed }: Lease): void => {
  const moments = [settled_until, ...later.map(({ from }) => from), ends_at];
  const areAhead =
    later.length === 0 || moments.every((moment, index) => moment > (moments[index - 1] ?? 0n));
  ensureInvariant(areAhead, `lease ${id} has prices that are not ahead of it`);
  ensureInvariant(closed === undefined || later.length === 0, `lease ${id} has ended, but has prices ahead`);
};

const checkLease = (id: bigint, lease: Lease): void => {
  const { status, escrow, collateral, closed } = lease;
  ensureInvariant(
    isLive(status) === (closed === undefined),
    `lease ${id}: ${status.type} and closed disagree`,
  );
  const isFree = escrow === 0n && collateral === 0n;
  ensureInvariant(isLive(status) || isFree, `lease ${id} has ended, but holds money`);
  ensureInvariant(lease.settled_until <= lease.ends_at, `lease ${id} is settled beyond its end`);
  const isEven = !isLive(status) || escrow === costFrom(lease, lease.settled_until);
  ensureInvariant(isEven, `lease ${id} holds ${escrow}, which is not what its rest costs`);
  checkStretches(id, lease);
  const isDisputed = status.type === 'Disputed';
  ensureInvariant(isDisputed === (lease.disputed_at !== undefined), `lease ${id}: when was it disputed?`);
  ensureInvariant(
    lease.started_at + lease.time_lost <= lease.settled_until,
    `lease ${id} is settled until before its start`,
  );
};

/** What was agreed is what was ordered. */
const isOrdered = (order: Order | undefined, lease: Lease): boolean =>
  order?.status.type === 'Accepted' &&
  order.resource === lease.resource &&
  bytesEqual(order.renter, lease.renter) &&
  bytesEqual(order.provider, lease.provider);

/** Each accepted order is a lease; what lives was ordered, and is settled and reported until now at the latest. */
const checkOrders = (
  ctx: Context,
  orders: ReadonlyMap<bigint, Order>,
  leases: ReadonlyMap<bigint, Lease>,
): void => {
  for (const [id, { status, escrow, price_per_hour, hours }] of orders) {
    const isAccepted = status.type === 'Accepted';
    ensureInvariant(isAccepted === leases.has(id), `order ${id}: ${status.type} and its lease disagree`);
    ensureInvariant(escrow === price_per_hour * BigInt(hours), `order ${id} has not the escrow of its hours`);
  }
  for (const [id, lease] of leases) {
    if (!isLive(lease.status)) continue;
    ensureInvariant(isOrdered(orders.get(id), lease), `lease ${id} is not what was ordered`);
    const { rate_since, settled_until, last_heartbeat } = lease;
    const isPast = rate_since <= settled_until && settled_until <= ctx.now && last_heartbeat <= ctx.now;
    ensureInvariant(isPast, `lease ${id} is settled or reported ahead of its time`);
  }
};

const checkIndexes = (ctx: Context, orders: ReadonlyMap<bigint, Order>): void => {
  for (const [id, { renter, provider }] of orders) {
    const isListed = OrdersOfRenter.has(ctx, renter, id) && OrdersOfProvider.has(ctx, provider, id);
    ensureInvariant(isListed && id < NextOrderId.get(ctx), `order ${id} is not indexed`);
  }
  for (const index of [OrdersOfRenter, OrdersOfProvider]) {
    ensureInvariant([...index.entries(ctx)].length === orders.size, `${index.name} has other orders`);
  }
};

const countTasks = (ctx: Context): Map<string, number> => {
  const counts = new Map<string, number>();
  const keyOf = ({ type, value }: Task): string => `${type} ${value}`;
  const closing = [...Closing.entries(ctx)].map(([, value]): Task => ({ type: 'Forget', value }));
  for (const task of [...[...Agenda.entries(ctx)].map(([, each]) => each), ...closing]) {
    counts.set(keyOf(task), (counts.get(keyOf(task)) ?? 0) + 1);
  }
  return counts;
};

/** Whatever waits has exactly one appointment that ends its waiting. */
const checkAgenda = (
  ctx: Context,
  orders: ReadonlyMap<bigint, Order>,
  leases: ReadonlyMap<bigint, Lease>,
): void => {
  const counts = countTasks(ctx);
  for (const [id, order] of orders) {
    const lease = leases.get(id);
    const isPending = order.status.type === 'Pending';
    const timeouts = counts.get(`ExpireOrder ${id}`) ?? 0;
    ensureInvariant(timeouts === (isPending ? 1 : 0), `order ${id} has ${timeouts} timeouts`);
    const runs = lease !== undefined && isRunning(lease.status);
    const looks = counts.get(`CheckLease ${id}`) ?? 0;
    ensureInvariant(looks === (runs ? 1 : 0), `lease ${id} has ${looks} looks`);
    const isOver = lease ? !isLive(lease.status) : !isPending;
    ensureInvariant(!isOver || counts.get(`Forget ${id}`) === 1, `order ${id} would never be forgotten`);
  }
  const tasks = [...counts.values()].reduce((sum, count) => sum + count, 0);
  ensureInvariant(tasks <= orders.size, 'the agenda has tasks that nobody needs');
};

/** The noted appointments are those of the agenda. */
const checkKeys = (ctx: Context): void => {
  const known = new Map(
    [...Agenda.entries(ctx)].map(([{ due, sequence }, task]) => [`${due} ${sequence}`, task]),
  );
  for (const [map, type] of [
    [Timeouts, 'ExpireOrder'],
    [Looks, 'CheckLease'],
  ] as const) {
    let noted = 0;
    for (const [id, { due, sequence }] of map.entries(ctx)) {
      noted += 1;
      const task = known.get(`${due} ${sequence}`);
      ensureInvariant(task?.type === type && task.value === id, `${map.name} of ${id} is not on the agenda`);
    }
    const waiting = [...known.values()].filter((task) => task.type === type).length;
    ensureInvariant(noted === waiting, `${waiting} appointments wait, but ${map.name} has ${noted}`);
  }
};

/** Escrow held = Σ entries; collateral locked = Σ leases; ended leases hold nothing; whatever waits has its moment. */
export const tryState =
  (config: ResourceOrderConfig) =>
  (ctx: Context): void => {
    const orders = new Map(Orders.entries(ctx));
    const leases = new Map(Leases.entries(ctx));
    checkEscrow(ctx, config, [...orders.values()], [...leases.values()]);
    checkCollateral(ctx, config, [...leases.values()]);
    for (const [id, lease] of leases) checkLease(id, lease);
    checkOrders(ctx, orders, leases);
    checkIndexes(ctx, orders);
    checkAgenda(ctx, orders, leases);
    checkKeys(ctx);
  };
