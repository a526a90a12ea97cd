import { concatBytes, MemoryState } from '@hamster/frame';
import { Account, BlockHash, BlockNumber } from '@hamster/pallets';
import { createRuntime, type HamsterRuntime, PRESETS } from '@hamster/runtime';
import { Keyring } from '@polkadot/keyring';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { generateRuntimeWasm } from '../../src/index.ts';
import { WasmProgram } from './program.ts';

export const GENESIS_HASH = new Uint8Array(32).fill(7);
export const HEAD_HASH = new Uint8Array(32).fill(9);
/** Number of the block whose state it is. */
export const HEAD = 100;

export const hashOf = (number: number): Uint8Array =>
  number === 0 ? GENESIS_HASH : number === HEAD ? HEAD_HASH : new Uint8Array(32).fill(number);

/** As `System.Account` has it. */
export type AccountInfo = ReturnType<typeof Account.get>;

export type Scheme = 'sr25519' | 'ed25519' | 'ecdsa';
export const keyOf = (name: string, type: Scheme = 'sr25519') =>
  new Keyring({ type, ss58Format: 42 }).addFromUri(`//${name}`);
export type Key = ReturnType<typeof keyOf>;

export interface SignOptions {
  readonly nonce?: number;
  readonly tip?: bigint;
  /** Mortal for so many blocks from `HEAD` on. */
  readonly period?: number;
  readonly specVersion?: number;
  /** Signed along, by a client that has `CheckMetadataHash` enabled. */
  readonly metadataHash?: Uint8Array | undefined;
}

/** Both runtimes, the rules and their WebAssembly, on one state in the middle of a chain; and a client of theirs. */
export class BothRuntimes {
  readonly runtime: HamsterRuntime;
  readonly program: WasmProgram;
  readonly registry = new TypeRegistry();
  state = new MemoryState();

  constructor(runtime = createRuntime()) {
    this.runtime = runtime;
    this.program = new WasmProgram(generateRuntimeWasm(runtime));
    this.registry.setMetadata(new Metadata(this.registry, hexOf(this.runtime.metadata(15))));
    this.reset();
  }

  /** Back to the state in which every test begins. */
  reset(): void {
    this.state = new MemoryState();
    for (const [key, value] of this.runtime.genesis(PRESETS.dev)) this.state.put(key, value);
    // As a state has it: the hashes of all blocks before the one that it belongs to.
    BlockNumber.put({ state: this.state }, HEAD);
    for (let number = 0; number < HEAD; number += 1)
      BlockHash.put({ state: this.state }, number, hashOf(number));
  }

  account(who: Uint8Array): AccountInfo {
    return Account.get({ state: this.state }, who);
  }

  putAccount(who: Uint8Array, info: AccountInfo): void {
    Account.put({ state: this.state }, who, info);
  }

  /** What both say, in hex; that a runtime refuses to answer is an answer too. */
  ask(method: string, ...args: readonly Uint8Array[]): { readonly rules: string; readonly wasm: string } {
    const input = concatBytes(...args);
    return {
      rules: answerOf(() => this.runtime.call(this.state, method, input)),
      wasm: answerOf(() => this.program.call(this.state, method, input)),
    };
  }

  /** The bytes of a call, by a client that has only the metadata. */
  call(pallet: string, name: string, ...args: readonly unknown[]): Uint8Array {
    return this.registry.createType('Call', { callIndex: this.#indexOf(pallet, name), args }).toU8a();
  }

  /** A signed extrinsic with its length prefix. */
  sign(key: Key, call: Uint8Array, options: SignOptions = {}): Uint8Array {
    const { nonce = 0, tip = 0n, period, specVersion = this.runtime.version.specVersion } = options;
    const { metadataHash } = options;
    const extrinsic = this.registry.createType('Extrinsic', this.registry.createType('Call', call), {
      version: 4,
    });
    const asked = this.registry.createType('ExtrinsicEra', period && { current: HEAD, period });
    // Decoded again: only then its phase is the rounded one that is on the wire.
    const era = this.registry.createType('ExtrinsicEra', asked.toU8a());
    extrinsic.sign(key, {
      blockHash: hashOf(period ? era.asMortalEra.birth(HEAD) : 0),
      era,
      genesisHash: GENESIS_HASH,
      nonce,
      tip,
      ...(metadataHash ? { mode: 1, metadataHash: hexOf(metadataHash) } : {}),
      runtimeVersion: { specVersion, transactionVersion: this.runtime.version.transactionVersion },
    } as never);
    return extrinsic.toU8a();
  }

  #indexOf(pallet: string, name: string): Uint8Array {
    for (const { name: palletName, index, calls } of this.registry.metadata.pallets) {
      if (palletName.toString() !== pallet) continue;
      const { variants } = this.registry.lookup.getSiType(calls.unwrap().type).def.asVariant;
      const variant = variants.find((candidate) => candidate.name.toString() === name);
      if (variant) return Uint8Array.of(index.toNumber(), variant.index.toNumber());
    }
    throw new RangeError(`no call ${pallet}.${name}`);
  }
}

export const hexOf = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`;

const answerOf = (attempt: () => Uint8Array): string => {
  try {
    return hexOf(attempt());
  } catch {
    return 'refused';
  }
};
