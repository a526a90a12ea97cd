import type { Runtime } from '@hamster/frame';
import { bytes, compact, u32, vec } from '@hamster/scale';
import { type Change, compactProof, Overlay, type StateDb } from '@hamster/state';
import { hashBytes } from '../hash.ts';
import { encodeHeader } from '../header-codec.ts';
import type { Header } from '../header.ts';
import { Slices } from '../slices.ts';
import { RecordingState } from './recording-state.ts';
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
}

export interface StoredBlock {
  readonly header: Header;
  readonly body: readonly Uint8Array[];
  readonly parent: Header;
}

const ITEMS = vec(bytes);
const COUNT = compact(u32);

/**
 * Executes a block of the chain once more, in slices, and measures what that takes. Undefined when the state before it is not
 * kept. Rejects with what the runtime throws.
 */
export async function blockStats(parts: StatsParts, block: StoredBlock): Promise<BlockStats | undefined> {
  const { header, body, parent } = block;
  const root = hashBytes(parent.stateRoot);
  const before = parts.state.at(root);
  if (!before) return undefined;
  const reads = new RecordingState(before);
  const changes = await execute(parts.runtime, new Overlay(reads), block);
  const proof = parts.state.witness(root, reads.seen(), changes);
  if (!proof) return undefined;
  return {
    witnessLen: ITEMS.encode(proof).length,
    witnessCompactLen: ITEMS.encode(compactProof(proof, root)).length,
    blockLen: encodeHeader(unsealed(header)).length + lengthOf(body),
    numExtrinsics: body.length,
  };
}

/** An extrinsic has its length in front already. */
const lengthOf = (body: readonly Uint8Array[]): number =>
  body.reduce((sum, { length }) => sum + length, COUNT.encode(body.length).length);

async function execute(runtime: Runtime, overlay: Overlay, { header, body }: StoredBlock): Promise<Change[]> {
  const slices = new Slices();
  const parentHash = hashBytes(header.parentHash);
  runtime.initializeBlock(overlay, { parentHash, number: header.number, digest: inputsOf(header) });
  for (const extrinsic of body) {
    for (const _ of runtime.applyInSteps(overlay, runtime.decodeExtrinsic(extrinsic))) await slices.pause();
    await slices.pause();
  }
  runtime.finalizeBlock(overlay);
  return overlay.changesInSlices(slices.pause);
}
