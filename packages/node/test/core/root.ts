import { PRESETS, type HamsterRuntime } from '@hamster/runtime';
import { Keyring } from '@polkadot/keyring';
import { Metadata, TypeRegistry } from '@polkadot/types';
import type { ConsensusKeys } from '../../src/index.ts';
import type { Running } from './harness.ts';

/** The development chain itself, with the rules that it has. */
export const DEV_SPEC = {
  name: 'Development',
  id: 'dev',
  chainType: 'Development',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: PRESETS.dev,
} as const;

/** As `schedule_change` takes them. */
export const sessionKeysOf = ({ authors, voters }: ConsensusKeys) =>
  authors.map(({ publicKey }, index) => ({ aura: publicKey, grandpa: voters[index]?.publicKey }));

type CallPart = ReturnType<TypeRegistry['createType']>;

/** Alice, who may act as root on the development chain, and knows its rules by their metadata. */
export class Root {
  readonly #registry = new TypeRegistry();
  readonly #runtime: HamsterRuntime;
  readonly #alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  #nonce: number;

  constructor(runtime: HamsterRuntime, nonce = 0) {
    this.#runtime = runtime;
    this.#nonce = nonce;
    this.#registry.setMetadata(
      new Metadata(this.#registry, `0x${Buffer.from(runtime.metadata(15)).toString('hex')}`),
    );
  }

  /** Has root make a call in the next block, and makes that block. */
  async act({ backend }: Running, pallet: string, name: string, ...args: readonly unknown[]): Promise<void> {
    await backend.submit(this.ask({ backend }, pallet, name, ...args));
    await backend.manualSeal.newBlock();
  }

  /** A transaction in which root makes a call. */
  ask(
    { backend }: Pick<Running, 'backend'>,
    pallet: string,
    name: string,
    ...args: readonly unknown[]
  ): Uint8Array {
    const call = this.call('Sudo', 'sudo', this.call(pallet, name, ...args));
    return this.#sign(call, backend.genesisHash);
  }

  /** A call by its names. */
  call(pallet: string, name: string, ...args: readonly unknown[]): CallPart {
    const { pallets } = this.#registry.metadata;
    const found = pallets.find((each) => each.name.toString() === pallet);
    const variants = this.#registry.lookup.getSiType(found?.calls.unwrap().type ?? 0).def.asVariant.variants;
    const index = variants.find((each) => each.name.toString() === name)?.index.toNumber();
    if (!found || index === undefined) throw new RangeError(`There is no ${pallet}.${name}`);
    return this.#registry.createType('Call', { callIndex: [found.index.toNumber(), index], args });
  }

  #sign(call: CallPart, genesisHash: string): Uint8Array {
    const { specVersion, transactionVersion } = this.#runtime.version;
    const extrinsic = this.#registry.createType('Extrinsic', call, { version: 4 });
    extrinsic.sign(this.#alice, {
      blockHash: genesisHash,
      genesisHash,
      era: this.#registry.createType('ExtrinsicEra', Uint8Array.of(0)),
      nonce: this.#nonce++,
      tip: 0,
      runtimeVersion: { specVersion, transactionVersion },
    } as never);
    return extrinsic.toU8a();
  }
}
