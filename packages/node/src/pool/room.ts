import { poolFull, tooLowPriority } from './errors.ts';
import type { TransactionGraph } from './graph.ts';
import type { PoolLimits } from './limits.ts';
import type { PoolTransaction, Validity } from './transaction.ts';

/** What would come into the pool. */
export interface Applicant extends Pick<PoolTransaction, 'signer' | 'extrinsic'> {
  readonly validity: Validity;
}

/** What has to leave for a newcomer. */
export interface Eviction {
  readonly usurped: readonly PoolTransaction[];
  readonly dropped: readonly PoolTransaction[];
}

const NOBODY_LEAVES: Eviction = { usurped: [], dropped: [] };

/** Decides what `newcomer` pushes out: rivals that pay less, and whatever pays least when the pool is full. Throws PoolError. */
export function makeRoom(graph: TransactionGraph, limits: PoolLimits, newcomer: Applicant): Eviction {
  const usurped = graph.rivals(newcomer.validity.provides);
  for (const { priority } of usurped) {
    if (priority >= newcomer.validity.priority) {
      throw tooLowPriority(priority, newcomer.validity.priority);
    }
  }
  if (usurped.length === 0) {
    checkAccount(graph, limits, newcomer);
    if (hasRoom(graph, limits, newcomer)) return NOBODY_LEAVES;
  }
  const waiting = futureOverflow(graph, limits, newcomer);
  return { usurped, dropped: [...waiting, ...overflow(graph, limits, newcomer, [...usurped, ...waiting])] };
}

/** Nearly always there is room, and then nothing has to be weighed up. */
const hasRoom = (graph: TransactionGraph, limits: PoolLimits, newcomer: Applicant): boolean =>
  graph.futureSize < limits.maxFuture &&
  graph.size < limits.maxTransactions &&
  graph.bytes + sizeOf(newcomer) <= limits.maxBytes;

function checkAccount(graph: TransactionGraph, { maxPerAccount }: PoolLimits, { signer }: Applicant): void {
  if (signer !== undefined && graph.ofSigner(signer).length >= maxPerAccount) {
    throw poolFull(`${maxPerAccount} transactions of one account`);
  }
}

/** The oldest of those that wait in vain makes place for one more that waits. */
function futureOverflow(graph: TransactionGraph, limits: PoolLimits, newcomer: Applicant): PoolTransaction[] {
  if (graph.futureSize < limits.maxFuture || waitsForNothing(graph, newcomer)) return [];
  for (const transaction of graph.transactions()) if (!transaction.isReady) return [transaction];
  return [];
}

const waitsForNothing = (graph: TransactionGraph, { validity: { requires } }: Applicant): boolean =>
  graph.provided(requires) === requires.length;

function overflow(
  graph: TransactionGraph,
  limits: PoolLimits,
  newcomer: Applicant,
  leaving: readonly PoolTransaction[],
): PoolTransaction[] {
  let size = graph.size - leaving.length + 1;
  let bytes = graph.bytes + sizeOf(newcomer) - leaving.reduce((sum, each) => sum + sizeOf(each), 0);
  const fits = () => size <= limits.maxTransactions && bytes <= limits.maxBytes;
  if (fits()) return [];
  const dropped = new Set<PoolTransaction>(leaving);
  while (!fits()) {
    const cheapest = cheapestOf(graph, dropped);
    if (!cheapest || cheapest.priority >= newcomer.validity.priority) {
      throw poolFull(
        `${limits.maxTransactions} transactions or ${limits.maxBytes} bytes, all of which pay as much`,
      );
    }
    dropped.add(cheapest);
    size -= 1;
    bytes -= sizeOf(cheapest);
  }
  return [...dropped].slice(leaving.length);
}

const sizeOf = ({ extrinsic }: Pick<PoolTransaction, 'extrinsic'>): number => extrinsic.bytes.length;

/** The one that pays least, of these the one that came last. */
function cheapestOf(
  graph: TransactionGraph,
  except: ReadonlySet<PoolTransaction>,
): PoolTransaction | undefined {
  let cheapest: PoolTransaction | undefined;
  for (const each of graph.transactions()) {
    if (except.has(each)) continue;
    if (!cheapest || each.priority <= cheapest.priority) cheapest = each;
  }
  return cheapest;
}
