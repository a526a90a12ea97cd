import { figure } from '../figure.ts';
import { median } from '../median.ts';
import type { Measure } from '../suite.ts';
import { roundTrips } from './transfer.ts';
import { withWays, type Ways } from './ways.ts';

const ROUNDS = 5;
const TRIPS = 200;
const QUICK_TRIPS = 10;
const WAYS = ['bare', 'raw', 'ssh', 'direct', 'relayed'] as const;

/** What each way adds to the round trip of 64 bytes on an idle line, beside what `ssh -L` adds. */
export const tunnelLatency: Measure = {
  name: 'tunnel-latency',
  run: (bench) =>
    withWays(bench, async (ways) => {
      const typical = await typicalTrips(ways, bench.quick ? QUICK_TRIPS : TRIPS);
      const { bare, ssh } = typical;
      const added = (way: (typeof WAYS)[number]): number => Math.max(0, typical[way] - bare);
      return WAYS.filter((way) => way !== 'bare' && ways[way] !== undefined).map((way) =>
        figure({
          name: `${way}-added-latency`,
          value: added(way),
          unit: 'µs',
          ...(way !== 'ssh' && ssh > bare && { baseline: added('ssh') }),
        }),
      );
    }),
};

/** The median of each way, in µs. They take turns, so that what else the host does meets all of them. */
async function typicalTrips(ways: Ways, count: number): Promise<Record<(typeof WAYS)[number], number>> {
  const trips: Record<(typeof WAYS)[number], number[]> = {
    bare: [],
    raw: [],
    ssh: [],
    direct: [],
    relayed: [],
  };
  // The first round warms up and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const way of WAYS) {
      const port = ways[way];
      const times = port === undefined ? [] : await roundTrips(port, count);
      if (round > 0) trips[way].push(...times);
    }
  }
  const { bare, raw, ssh, direct, relayed } = trips;
  return {
    bare: median(bare),
    raw: median(raw),
    ssh: median(ssh),
    direct: median(direct),
    relayed: median(relayed),
  };
}
