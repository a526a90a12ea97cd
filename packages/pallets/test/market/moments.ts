import fc from 'fast-check';

import { Agenda as Decisions } from '../../src/arbitration/storage.ts';
import { Agenda as Checks, Era } from '../../src/gateway/storage.ts';
import { Resources, Stakes } from '../../src/provider/storage.ts';
import { Agenda as Looks, Leases } from '../../src/resource-order/storage.ts';
import { SECOND } from './fixtures.ts';
import type { Market } from './market.ts';

/** How long it takes until the next block; it may depend on what is ahead. */
export type Pause = (m: Market) => bigint;

/** Farther ahead there is nothing to wait for: nobody would have reported until then. */
const HORIZON = 300n * SECOND;

/** When appointments come due, stretches and leases end, windows begin and end, stake is free. */
function* moments({ chain: { ctx } }: Market): Iterable<bigint> {
  for (const agenda of [Looks, Decisions, Checks]) for (const [{ due }] of agenda.entries(ctx)) yield due;
  for (const [, { ends_at, later }] of Leases.entries(ctx))
    yield* [ends_at, ...later.map(({ from }) => from)];
  for (const [, { maintenance }] of Resources.entries(ctx)) {
    if (maintenance) yield* [maintenance.from, maintenance.to];
  }
  for (const [, { unbonding }] of Stakes.entries(ctx)) yield* unbonding.map(({ unlock_at }) => unlock_at);
  yield Era.get(ctx).ends_at;
}

/** Until something is due, a millisecond before, or behind it: where one party's last moment is the other's first. */
const untilMoment =
  (pick: number, shift: bigint): Pause =>
  (m) => {
    const { now } = m.chain.ctx;
    const ahead = [...new Set(moments(m))].map((moment) => moment + shift - now);
    const near = ahead.filter((pause) => pause > 0n && pause < HORIZON);
    return near[pick % Math.max(1, near.length)] ?? SECOND;
  };

export const momentous: fc.Arbitrary<Pause> = fc
  .tuple(fc.nat({ max: 10_000 }), fc.constantFrom(0n, 0n, -1n, 1n))
  .map((args) => untilMoment(...args));
