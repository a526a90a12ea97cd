import type { BlockRef, Patience } from '@hamster/chain-client';
import { DaemonError, readJsonState, Type, writeJsonState } from '@hamster/daemon';

/** How far a provider has seen its chain. */
export interface Seen {
  /** The latest chain time that it has acted on, ms since 1970. */
  readonly chainTime: number;
  /** A final block of about then; undefined where none was noted yet. */
  readonly block?: BlockRef;
}

/** The same over restarts. */
export interface ChainMark {
  /** Where it is kept, for people. */
  readonly path: string;
  read(): Promise<Seen>;
  write(seen: Seen): Promise<void>;
}

/** Who tells which block of a number the chain has; undefined where it has not come so far. */
export interface BlockSource {
  blockHash(number: number, patience: Patience): Promise<string | undefined>;
}

const FORM = Type.Object({
  chainTime: Type.Number(),
  block: Type.Optional(Type.Object({ number: Type.Integer({ minimum: 0 }), hash: Type.String() })),
});
/** A mark that is a little old does no harm; a disk write at each block would. */
const WRITE_EVERY_MS = 30_000;
const READ_TIMEOUT_MS = 15_000;

/** The mark in a file. A mark in memory stands for what is not written yet. */
export function chainMarkIn(path: string, onFailure: (error: unknown) => void): ChainMark {
  let known: Seen | undefined;
  let written = 0;
  let hasBlock = false;
  return {
    path,
    async read() {
      if (known) return known;
      known = (await readJsonState(path, FORM)) ?? { chainTime: 0 };
      written = known.chainTime;
      hasBlock = known.block !== undefined;
      return known;
    },
    async write(seen) {
      known = seen;
      const isFirst = !hasBlock && seen.block !== undefined;
      if (!isFirst && seen.chainTime - written < WRITE_EVERY_MS) return;
      written = seen.chainTime;
      hasBlock ||= isFirst;
      // A disk that is full must not keep the machines that fill it: the mark is written when there is room again.
      await writeJsonState(path, seen).catch(onFailure);
    },
  };
}

/** What to do where the chain that was seen will never be served again. */
export function remedyIfGivenUp(path: string): string {
  return `If that chain was given up and begun anew, remove ${path} and start the provider again: it then destroys the machines that the new chain does not pay for.`;
}

/**
 * Whether the chain has come as far as it was seen before: false for a node that still syncs, or came from a backup. Throws
 * DaemonError CHAIN_REPLACED where it has another block in the place of the one that was seen: that is another chain, though it
 * may have begun alike, and what it says of leases is not said of the machines that are here.
 */
export async function hasCaughtUp(
  source: BlockSource,
  mark: ChainMark,
  signal?: AbortSignal,
): Promise<boolean> {
  const { block } = await mark.read();
  if (!block) return true;
  const hash = await source.blockHash(block.number, { signal, timeoutMs: READ_TIMEOUT_MS });
  if (hash === undefined || hash === block.hash) return hash !== undefined;
  throw new DaemonError(
    'CHAIN_REPLACED',
    `The node serves another chain than before: its block ${block.number} is ${hash}, and was ${block.hash}. No machine was touched. Connect this provider to a node of its chain again. ${remedyIfGivenUp(mark.path)}`,
  );
}
