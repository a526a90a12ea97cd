import { verifySignature } from '@hamster/crypto';
import {
  type ApplyResult,
  type DecodedExtrinsic,
  type GenesisConfig,
  invalid,
  MemoryState,
  type ReportedFault,
  type Runtime,
} from '@hamster/frame';
import { Keyring } from '@polkadot/keyring';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { createRuntime, PRESETS } from '../../src/index.ts';

export const GENESIS_HASH = new Uint8Array(32).fill(7);

/** A runtime on a state in memory, and a client that knows only its metadata. */
export class TestChain {
  readonly runtime: Runtime;
  readonly state = new MemoryState();
  readonly registry = new TypeRegistry();
  readonly faults: ReportedFault[] = [];
  #number = 0;
  #best = 0;
  #now = 1_700_000_000_000n;

  constructor(genesis: GenesisConfig = PRESETS.dev, metadataVersion: 14 | 15 = 15) {
    this.runtime = createRuntime({ report: (fault) => this.faults.push(fault) });
    for (const [key, value] of this.runtime.genesis(genesis)) this.state.put(key, value);
    this.registry.setMetadata(new Metadata(this.registry, hexOf(this.runtime.metadata(metadataVersion))));
  }

  hashOf(number: number): Uint8Array {
    return number === 0 ? GENESIS_HASH : new Uint8Array(32).fill(number);
  }

  /** The latest block that is closed: clients begin an era there. */
  get best(): number {
    return this.#best;
  }

  open(): void {
    this.#number += 1;
    const start = { number: this.#number, parentHash: this.hashOf(this.#number - 1), digest: [] };
    this.runtime.initializeBlock(this.state, start);
    this.#now += 1_000n;
    for (const bytes of this.runtime.inherents({ now: this.#now })) {
      this.runtime.applyExtrinsic(this.state, this.runtime.decodeExtrinsic(bytes));
    }
  }

  close(): void {
    this.runtime.finalizeBlock(this.state);
    this.#best = this.#number;
  }

  /** As a node includes an extrinsic. */
  apply(xt: DecodedExtrinsic): ApplyResult {
    const claim = this.runtime.check(this.state, xt);
    if (claim && !verifySignature(claim)) throw invalid('BadProof', 'the signature is false');
    return this.runtime.applyExtrinsic(this.state, xt);
  }
}

export const hexOf = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`;

export const keyOf = (name: string, type: 'sr25519' | 'ed25519' | 'ecdsa' = 'sr25519') =>
  new Keyring({ type, ss58Format: 42 }).addFromUri(`//${name}`);
export type Key = ReturnType<typeof keyOf>;
