import type { DecodedExtrinsic } from '@hamster/frame';
import { VERSION } from '../../src/index.ts';
import { GENESIS_HASH, type Key, type TestChain } from './chain.ts';

export interface SignOptions {
  readonly nonce?: number;
  readonly tip?: bigint;
  /** Mortal for so many blocks from the chain's present one; immortal unless given. */
  readonly period?: number;
  readonly specVersion?: number;
  /** Signed along, by a client that has `CheckMetadataHash` enabled. */
  readonly metadataHash?: Uint8Array;
}

/** What a client does with the metadata: builds, signs and encodes; then the runtime decodes the bytes. */
export const sign = (
  chain: TestChain,
  key: Key,
  [pallet, call, ...args]: readonly [pallet: string, call: string, ...args: readonly unknown[]],
  { nonce = 0, tip = 0n, period, specVersion = VERSION.specVersion, metadataHash }: SignOptions = {},
): DecodedExtrinsic => {
  const { registry } = chain;
  const index = [...palletCalls(chain, pallet)].find(([name]) => name === call)?.[1];
  if (!index) throw new RangeError(`no call ${pallet}.${call}`);
  const method = registry.createType('Call', { callIndex: index, args });
  const current = chain.best;
  const options = {
    blockHash: period ? chain.hashOf(current) : GENESIS_HASH,
    era: period
      ? registry.createType('ExtrinsicEra', { current, period })
      : registry.createType('ExtrinsicEra'),
    genesisHash: GENESIS_HASH,
    nonce,
    tip,
    ...(metadataHash ? { mode: 1, metadataHash: `0x${Buffer.from(metadataHash).toString('hex')}` } : {}),
    runtimeVersion: { specVersion, transactionVersion: VERSION.transactionVersion },
  };
  const extrinsic = registry.createType('Extrinsic', method, { version: 4 });
  extrinsic.sign(key, options as never);
  return chain.runtime.decodeExtrinsic(extrinsic.toU8a());
};

function* palletCalls(chain: TestChain, wanted: string): Iterable<[name: string, index: Uint8Array]> {
  for (const pallet of chain.registry.metadata.pallets) {
    if (pallet.name.toString() !== wanted || pallet.calls.isNone) continue;
    const { type } = pallet.calls.unwrap();
    for (const variant of chain.registry.lookup.getSiType(type).def.asVariant.variants) {
      yield [variant.name.toString(), Uint8Array.of(pallet.index.toNumber(), variant.index.toNumber())];
    }
  }
}
