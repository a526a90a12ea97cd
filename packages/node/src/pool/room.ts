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
  const waiting = futureOverflow(graph, limits, newcomer, usurped);
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

/** The oldest of those that wait in vain makes place for one more that waits, unless one of these is replaced. */
function futureOverflow(
  graph: TransactionGraph,
  { maxFuture }: PoolLimits,
  { validity }: Applicant,
  usurped: readonly PoolTransaction[],
): PoolTransaction[] {
  if (graph.futureSize < maxFuture || graph.isProvided(validity.requires)) return [];
  if (usurped.some(({ isReady }) => !isReady)) return [];
  for (const transaction of graph.transactions()) if (!transaction.isReady) return [transaction];
  return [];
}

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
  const dropped: PoolTransaction[] = [];
  for (const cheapest of graph.leavingFirst()) {
    if (cheapest.priority >= newcomer.validity.priority) break;
    if (leaving.includes(cheapest)) continue;
    dropped.push(cheapest);
    size -= 1;
    bytes -= sizeOf(cheapest);
    if (fits()) return dropped;
  }
  throw poolFull(
    `${limits.maxTransactions} transactions or ${limits.maxBytes} bytes, all of which pay as much`,
  );
}

const sizeOf = ({ extrinsic }: Pick<PoolTransaction, 'extrinsic'>): number => extrinsic.bytes.length;
