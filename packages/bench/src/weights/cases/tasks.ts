import { twox64Concat } from '@hamster/crypto';
import { concatBytes, storagePrefix } from '@hamster/frame';
import { HAM, POTS } from '@hamster/runtime';
import { u64 } from '@hamster/scale';
import { asRoot, fund, type TaskCase } from '../case.ts';
import { type Cast, DAY, keysOf, LONG_ERA } from '../cast.ts';
import type { Chain } from '../chain.ts';
import { almost, commitAll, complain, REST, revealAll, type Verdict } from './court.ts';
import { leaveAll, reportAll, SHORT_ERA, shortenEras } from './network.ts';
import { orderAll, WHOLE_LEASE } from './orders.ts';

const SECOND = 1_000;
const all = ({ size }: Cast): number => size;
const disputes = ({ size }: Cast): number => Math.min(size, 4);
const MAX_AUTHORITIES = 100;
/** Entries that one task clears. */
const CLEARED_AT_ONCE = 8;

const entry = (pallet: string, map: string, id: number): Uint8Array =>
  concatBytes(storagePrefix(pallet, map), twox64Concat(u64.encode(BigInt(id))));

/** Ends the leases behind the first ones, so that no block has them to look at. */
function endLeases(chain: Chain, { renters }: Cast, first = 0): void {
  for (const [index, renter] of renters.entries()) {
    if (index >= first) chain.send(renter, 'ResourceOrder.terminate_lease', index + 1);
  }
}

const leaseTasks: readonly TaskCase[] = [
  {
    task: 'ResourceOrder.ExpireOrder',
    count: all,
    proof: 'resourceOrder.OrderExpired',
    wait: REST,
    prepare(chain, cast) {
      orderAll(chain, cast);
      chain.pass(290 * SECOND);
    },
  },
  {
    task: 'ResourceOrder.CheckLease',
    path: 'end',
    count: all,
    proof: 'resourceOrder.LeaseClosed',
    wait: WHOLE_LEASE,
    prepare: leaveAll,
  },
  {
    task: 'ResourceOrder.CheckLease',
    path: 'fault',
    count: all,
    proof: 'resourceOrder.LeaseClosed',
    wait: 18 * SECOND,
    prepare: (chain) => chain.pass(165 * SECOND),
  },
  {
    task: 'ResourceOrder.Closing',
    count: all,
    gone: ({ renters }) => renters.map((_, index) => entry('ResourceOrder', 'Leases', index + 1)),
    wait: DAY + 30 * SECOND,
    prepare(chain, cast) {
      leaveAll(chain, cast);
      endLeases(chain, cast);
    },
  },
];

const decision = (verdict: Verdict): TaskCase => ({
  task: 'Arbitration.Decide',
  path: verdict,
  count: disputes,
  proof: 'arbitration.DisputeDecided',
  wait: REST,
  prepare(chain, cast) {
    endLeases(chain, cast, disputes(cast));
    complain(chain, cast, disputes(cast));
    commitAll(chain, cast, disputes(cast), verdict);
    chain.pass(60 * SECOND);
    revealAll(chain, cast, disputes(cast), verdict);
    almost(chain);
  },
});

const courtTasks: readonly TaskCase[] = [
  {
    task: 'Arbitration.CloseCommit',
    count: disputes,
    proof: 'arbitration.RevealBegan',
    wait: REST,
    prepare(chain, cast) {
      endLeases(chain, cast, disputes(cast));
      complain(chain, cast, disputes(cast));
      commitAll(chain, cast, disputes(cast), 'ClaimUnfounded');
      almost(chain);
    },
  },
  decision('ProviderAtFault'),
  decision('ClaimUnfounded'),
  {
    task: 'Arbitration.Forget',
    count: disputes,
    gone: (cast) =>
      Array.from({ length: disputes(cast) }, (_, index) => entry('Arbitration', 'Disputes', index + 1)),
    wait: DAY + 30 * SECOND,
    prepare(chain, cast) {
      decision('ProviderAtFault').prepare(chain, cast);
      leaveAll(chain, cast);
      chain.next(REST);
      chain.next(DAY + 30 * SECOND);
    },
  },
];

const networkTasks: readonly TaskCase[] = [
  {
    task: 'Gateway.CheckGateway',
    count: all,
    proof: 'gateway.Dropped',
    wait: 18 * SECOND,
    prepare: (chain) => chain.pass(80 * SECOND),
  },
  {
    task: 'Gateway.ClearEra',
    count: ({ size }) => Math.ceil(size / CLEARED_AT_ONCE),
    gone: () => [storagePrefix('Gateway', 'EraPoints')],
    wait: SHORT_ERA,
    prepare(chain, cast) {
      shortenEras(chain, cast, 1);
      fund(chain, cast, POTS.gateways, HAM);
      reportAll(chain, cast.gateways);
      chain.next(SHORT_ERA);
    },
  },
  {
    task: 'Validators.Era',
    count: () => 1,
    proof: 'validators.EraEnded',
    wait: LONG_ERA,
    prepare(chain, cast) {
      fund(chain, cast, POTS.validators, 640n * HAM);
      leaveAll(chain, cast);
      endLeases(chain, cast);
      chain.next(2 * DAY);
    },
  },
  {
    task: 'Authorities.Rotation',
    count: () => 1,
    proof: 'authorities.NewSession',
    wait: SECOND,
    prepare(chain, cast) {
      const keys = Array.from({ length: MAX_AUTHORITIES }, (_, index) => keysOf(index));
      asRoot(chain, cast, 'Authorities.schedule_change', keys);
    },
  },
];

/** Tasks that have no case of their own, and why. */
export const TASKS_WITHOUT_CASE: Readonly<Record<string, string>> = {
  'ResourceOrder.Forget': 'only rules before 6 made it; it does what is measured of `ResourceOrder.Closing`',
};

/** Each task that waits in an agenda, and what else blocks do by themselves. */
export const TASK_CASES: readonly TaskCase[] = [...leaseTasks, ...courtTasks, ...networkTasks];
