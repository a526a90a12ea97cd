import type { Runtime } from '@hamster/frame';
import { compact, u32 } from '@hamster/scale';
import { type Change, compactProof, Overlay, type StateDb } from '@hamster/state';
import { NodeError } from '../errors.ts';
import { hashBytes } from '../hash.ts';
import { encodeHeader } from '../header-codec.ts';
import type { Header } from '../header.ts';
import { Slices } from '../slices.ts';
import { RecordingState } from './recording-state.ts';
import { hasRulesOf } from './rules-version.ts';
import { inputsOf, unsealed } from './verify-block.ts';

/** What it takes to execute a block knowing nothing but its parent's state root. In bytes, SCALE encoded. */
export interface BlockStats {
  /** Of the trie nodes and values that are read or replaced. */
  readonly witnessLen: number;
  /** Of the same without the hashes by which they name each other. */
  readonly witnessCompactLen: number;
  /** Of header, without seal, and body. */
  readonly blockLen: number;
  readonly numExtrinsics: number;
}

export interface StatsParts {
  /** The rules by which the block was made. */
  readonly runtime: Runtime;
  readonly state: StateDb;
  /** Whether the node closes: its states must not be read any more. */
  readonly isClosing: () => boolean;
}

export interface StoredBlock {
  readonly header: Header;
  readonly body: readonly Uint8Array[];
  readonly parent: Header;
}

const COUNT = compact(u32);

type Pause = () => Promise<void>;

/**
 * Executes a block of the chain once more, in slices, and measures what that takes. Undefined when the state before it is not
 * kept, or its rules are not here any more. Rejects with what the runtime throws, and when that state goes meanwhile: with STATE_UNAVAILABLE, or NODE_STATE_UNAVAILABLE
 * when the node closes.
 */
export async function blockStats(parts: StatsParts, block: StoredBlock): Promise<BlockStats | undefined> {
  const { header, body, parent } = block;
  const root = hashBytes(parent.stateRoot);
  const before = parts.state.at(root);
  if (!before || !hasRulesOf(header, parts.runtime, before)) return undefined;
  const reads = new RecordingState(before);
  const pause = pauseWhileOpen(parts);
  const changes = await execute(parts.runtime, new Overlay(reads), block, pause);
  const proof = await parts.state.witness(root, { keys: reads.seen(), changes }, pause);
  const compacted = await compactProof(proof, root, pause);
  return {
    witnessLen: await listLength(proof, pause),
    witnessCompactLen: await listLength(compacted, pause),
    blockLen: encodeHeader(unsealed(header)).length + lengthOf(body),
    numExtrinsics: body.length,
  };
}

/** An extrinsic has its length in front already. */
const lengthOf = (body: readonly Uint8Array[]): number =>
  body.reduce((sum, { length }) => sum + length, COUNT.encode(body.length).length);

function pauseWhileOpen({ isClosing }: StatsParts): Pause {
  const slices = new Slices();
  return async () => {
    await slices.pause();
    if (isClosing())
      throw new NodeError('NODE_STATE_UNAVAILABLE', 'The node closes, and reads no more states');
  };
}

/** Of the encoded list. Counted, because to write it down would take as long as it is. */
async function listLength(items: readonly Uint8Array[], pause: Pause): Promise<number> {
  let sum = COUNT.encode(items.length).length;
  for (const { length } of items) {
    sum += COUNT.encode(length).length + length;
    await pause();
  }
  return sum;
}

async function execute(
  runtime: Runtime,
  overlay: Overlay,
  { header, body }: StoredBlock,
  pause: Pause,
): Promise<Change[]> {
  const parentHash = hashBytes(header.parentHash);
  runtime.initializeBlock(overlay, { parentHash, number: header.number, digest: inputsOf(header) });
  for (const extrinsic of body) {
    for (const _ of runtime.applyInSteps(overlay, runtime.decodeExtrinsic(extrinsic))) await pause();
    await pause();
  }
  runtime.finalizeBlock(overlay);
  return overlay.changesInSlices(pause);
}
