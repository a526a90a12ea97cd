import { strict } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fromHex } from '@hamster/crypto';
import { DigestItem, MemoryState, type ReportedFault } from '@hamster/frame';
import { BlockNumber, Now } from '@hamster/pallets';
import { createRuntime } from '../../src/index.ts';

/**
 * What the first release of specVersion 3 left behind block 137 of a development chain: written by that release, which knew nothing
 * of storage versions, of prices ahead or of counted machines. Leases 1 (active, extended at another price), 2 (disputed, with a vote
 * of one member), 3 (active), 4 (terminated), 5 (silent); orders 6 (pending) and 7 (rejected); three machines, two providers, stake
 * that unbonds, a gateway, and keys that wait for the next session.
 */
export const oldEntries = (): [key: Uint8Array, value: Uint8Array][] => {
  const path = new URL('../fixtures/state-of-spec-3.json', import.meta.url);
  const entries = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return Object.entries(entries).map(([key, value]) => [fromHex(key), fromHex(value)]);
};

const UPGRADE = DigestItem.encode({ type: 'RuntimeEnvironmentUpdated' });

/** That chain, and the rules of today. */
export class OldChain {
  readonly faults: ReportedFault[] = [];
  readonly runtime = createRuntime({ report: (fault) => this.faults.push(fault) });
  readonly state = new MemoryState();

  constructor() {
    for (const [key, value] of oldEntries()) this.state.put(key, value);
  }

  get at() {
    return { state: this.state };
  }

  /** Opens the next block, without its time. */
  open({ marked = false } = {}): void {
    const number = BlockNumber.get(this.at) + 1;
    const digest = marked ? [UPGRADE] : [];
    this.runtime.initializeBlock(this.state, { number, parentHash: new Uint8Array(32).fill(1), digest });
  }

  apply(bytes: Uint8Array): void {
    const { ok } = this.runtime.applyExtrinsic(this.state, this.runtime.decodeExtrinsic(bytes));
    strict.ok(ok);
  }

  /** So many ms behind the block before. */
  setTime(step: bigint): void {
    for (const bytes of this.runtime.inherents({ now: Now.get(this.at) + step })) this.apply(bytes);
  }

  seal(): void {
    this.runtime.finalizeBlock(this.state);
  }

  close(step = 1_000n): void {
    this.setTime(step);
    this.seal();
  }

  /** An empty block. */
  pass(step: bigint): void {
    this.open();
    this.close(step);
  }
}
