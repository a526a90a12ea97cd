import { strict } from 'node:assert';
import { verifySignature } from '@hamster/crypto';
import {
  type ApplyResult,
  type DecodedExtrinsic,
  type GenesisConfig,
  invalid,
  MemoryState,
  type ReportedFault,
  storagePrefix,
  type ValidTransaction,
} from '@hamster/frame';
import { Account } from '@hamster/pallets';
import { Keyring } from '@polkadot/keyring';
import { Metadata, TypeRegistry, type Vec } from '@polkadot/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import { createRuntime, type HamsterRuntime, PRESETS } from '../../src/index.ts';

export const GENESIS_HASH = new Uint8Array(32).fill(7);

/** A runtime on a state in memory, and a client that knows only its metadata. */
export class TestChain {
  readonly runtime: HamsterRuntime;
  readonly state = new MemoryState();
  readonly registry = new TypeRegistry();
  readonly faults: ReportedFault[] = [];
  /** How often the inherents of the latest block stopped. */
  stops = 0;
  #number = 0;
  #best = 0;
  #now = 1_700_000_000_000n;

  constructor(genesis: GenesisConfig = PRESETS.dev, metadataVersion: 14 | 15 | 16 = 15) {
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

  /** `step`: ms since the block before. */
  open(step = 1_000n): void {
    this.#number += 1;
    const start = { number: this.#number, parentHash: this.hashOf(this.#number - 1), digest: [] };
    this.runtime.initializeBlock(this.state, start);
    this.#now += step;
    this.stops = this.runtime
      .inherents({ now: this.#now })
      .map((bytes) => this.runtime.applyInSteps(this.state, this.runtime.decodeExtrinsic(bytes)))
      .reduce((stops, steps) => stops + [...steps].length, 0);
  }

  /** Closes the block; the invariants hold, and no bug went unnoticed. */
  close(): void {
    this.runtime.finalizeBlock(this.state);
    this.#best = this.#number;
    this.runtime.tryState(this.state);
    strict.deepEqual(this.faults, []);
  }

  /** One block of these extrinsics. */
  block(...extrinsics: readonly DecodedExtrinsic[]): ApplyResult[] {
    this.open();
    const results = extrinsics.map((xt) => this.apply(xt));
    this.close();
    return results;
  }

  /** An empty block, so many ms later. */
  pass(step: bigint): void {
    this.open(step);
    this.close();
  }

  /** As the pool asks, on the state of the latest closed block. */
  validate(xt: DecodedExtrinsic): ValidTransaction {
    const blockHash = this.hashOf(this.#best);
    const claim = this.runtime.check(this.state, xt, blockHash);
    const signatureValid = !claim || verifySignature(claim);
    return this.runtime.validate(this.state, xt, { signatureValid, source: 'External', blockHash });
  }

  /** Of the latest closed block, decoded by the client. */
  events(): readonly (readonly [pallet: string, name: string, data: readonly unknown[]])[] {
    const raw = this.state.get(storagePrefix('System', 'Events')) ?? Uint8Array.of(0);
    const records = this.registry.createType<Vec<EventRecord>>('Vec<EventRecord>', raw);
    return records.map(({ event }) => [event.section, event.method, [...event.data]] as const);
  }

  account(who: Uint8Array) {
    const { nonce, data } = Account.get({ state: this.state }, who);
    return { nonce, free: data.free, reserved: data.reserved };
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
