import type { ApplyResult, DecodedExtrinsic, Runtime } from '@hamster/frame';
import type { StateDb } from '@hamster/state';
import { NodeError } from '../errors.ts';
import { extrinsicsRootInSlices } from '../genesis.ts';
import { hashBytes, hashText } from '../hash.ts';
import { encodeHeader, headerHash } from '../header-codec.ts';
import type { Header } from '../header.ts';
import type { Block } from '../storage/block-store.ts';
import type { Slices } from '../slices.ts';
import type { ExecutedBlock } from '../storage/chain.ts';

export interface OpenBlockParts {
  readonly runtime: Runtime;
  readonly state: StateDb;
  readonly parent: Pick<Block, 'hash' | 'number' | 'header'>;
  /** Pre-runtime digest items. */
  readonly digest: readonly Uint8Array[];
}

/** Bytes of what may have a hundred calls in it, or more, which takes some ms. */
const LONG = 256;

/** Whether an extrinsic need not be executed in slices: it is none behind which all comes that is due, and no batch of many calls. */
export const isShort = ({ signer, bytes }: DecodedExtrinsic): boolean =>
  signer !== undefined && bytes.length < LONG;

/** A block being executed: extrinsics go in one by one, `seal` closes it. The same for a block made here or elsewhere. */
export class OpenBlock {
  readonly #runtime: Runtime;
  readonly #state: StateDb;
  readonly #parent: OpenBlockParts['parent'];
  readonly #overlay;
  readonly #body: Uint8Array[] = [];
  #size = 0;

  /** Throws NODE_STATE_UNAVAILABLE when the parent's state isn't kept, and whatever the runtime's opening throws. */
  constructor({ runtime, state, parent, digest }: OpenBlockParts) {
    const overlay = state.overlay(hashBytes(parent.header.stateRoot));
    if (!overlay)
      throw new NodeError('NODE_STATE_UNAVAILABLE', `The state of block ${parent.hash} is not kept`);
    this.#runtime = runtime;
    this.#state = state;
    this.#parent = parent;
    this.#overlay = overlay;
    runtime.initializeBlock(overlay, {
      parentHash: hashBytes(parent.hash),
      number: parent.number + 1,
      digest,
    });
  }

  /** The state inside of the block, to check extrinsics against. */
  get overlay() {
    return this.#overlay;
  }

  /** Bytes of extrinsics so far. */
  get size(): number {
    return this.#size;
  }

  /** Applies an extrinsic whose signature is known to be good; when this throws, the block is as it was before. */
  push(extrinsic: DecodedExtrinsic): ApplyResult {
    const depth = this.#begin();
    try {
      return this.#take(extrinsic, this.#runtime.applyExtrinsic(this.#overlay, extrinsic));
    } catch (error) {
      this.#undo(depth);
      throw error;
    }
  }

  /** As `push`, in slices: see `isShort`. Once `isLate` says so it goes on without a rest, in which others could make it later still. */
  async pushInSlices(
    extrinsic: DecodedExtrinsic,
    slices: Slices,
    isLate: () => boolean = () => false,
  ): Promise<ApplyResult> {
    const depth = this.#begin();
    try {
      const steps = this.#runtime.applyInSteps(this.#overlay, extrinsic);
      for (;;) {
        const { done, value } = steps.next();
        if (done) return this.#take(extrinsic, value);
        if (slices.isOver && !isLate()) await slices.rest();
      }
    } catch (error) {
      this.#undo(depth);
      throw error;
    }
  }

  /** Answers how many layers were open before. */
  #begin(): number {
    const { depth } = this.#overlay;
    this.#overlay.begin();
    return depth;
  }

  #take(extrinsic: DecodedExtrinsic, result: ApplyResult): ApplyResult {
    this.#overlay.commit();
    this.#body.push(extrinsic.bytes);
    this.#size += extrinsic.bytes.length;
    return result;
  }

  /** A runtime that broke down may have left layers of its own open. */
  #undo(depth: number): void {
    while (this.#overlay.depth > depth) this.#overlay.rollback();
  }

  /** Runs the closing hooks and computes the roots, in slices. */
  async seal(slices: Slices): Promise<ExecutedBlock> {
    const { digest } = this.#runtime.finalizeBlock(this.#overlay);
    const parentRoot = hashBytes(this.#parent.header.stateRoot);
    await slices.pause();
    const changes = await this.#overlay.changesInSlices(slices.pause);
    const update = await this.#state.prepareInSlices(parentRoot, changes, slices.pause);
    const header: Header = {
      parentHash: this.#parent.hash,
      number: this.#parent.number + 1,
      stateRoot: hashText(update.root),
      extrinsicsRoot: hashText(await extrinsicsRootInSlices(this.#body, slices.pause)),
      digest,
    };
    const encodedHeader = encodeHeader(header);
    const hash = headerHash(encodedHeader);
    return { block: { hash, number: header.number, header, encodedHeader, body: this.#body }, update };
  }
}
