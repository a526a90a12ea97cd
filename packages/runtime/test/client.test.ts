import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../src/index.ts';
import { hexOf, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

describe('metadata', () => {
  it.each([14, 15, 16] as const)('%i is decoded by @polkadot/types', (version) => {
    const registry = new TypeRegistry();
    const metadata = new Metadata(registry, hexOf(createRuntime().metadata(version)));
    registry.setMetadata(metadata);
    expect(metadata.version).toBe(version);
    expect(metadata.asLatest.pallets.map(({ name }) => name.toString()).slice(0, 6)).toEqual([
      'System',
      'Timestamp',
      'Balances',
      'TransactionPayment',
      'Utility',
      'Sudo',
    ]);
    expect(registry.signedExtensions).toEqual([
      'CheckNonZeroSender',
      'CheckSpecVersion',
      'CheckTxVersion',
      'CheckGenesis',
      'CheckMortality',
      'CheckNonce',
      'CheckWeight',
      'ChargeTransactionPayment',
      'CheckMetadataHash',
    ]);
  });

  it.each([14, 15, 16] as const)(
    '%i comes back as it was through the codec of another implementation',
    (version) => {
      const bytes = createRuntime().metadata(version);
      expect(metadataCodec.enc(metadataCodec.dec(bytes))).toEqual(bytes);
    },
  );

  it('lists only extrinsic version 4, and extensions without data as empty composites', () => {
    const decoded = metadataCodec.dec(createRuntime().metadata(16)).metadata;
    if (decoded.tag !== 'v16') throw new RangeError(decoded.tag);
    const { extrinsic, lookup } = decoded.value;
    expect(extrinsic.version).toEqual([4]);
    const weight = extrinsic.signedExtensions.find(({ identifier }) => identifier === 'CheckWeight');
    expect(lookup[weight?.type ?? -1]?.def).toEqual({ tag: 'composite', value: [] });
  });
});

describe('a signed extrinsic of a client', () => {
  it.each(['sr25519', 'ed25519', 'ecdsa'] as const)('with %s is decoded, checked and applied', (type) => {
    const chain = new TestChain();
    const [alice, key] = [keyOf('Alice'), keyOf('Zoe', type)];
    const address = type === 'ecdsa' ? key.addressRaw : key.publicKey;
    chain.open();
    chain.apply(sign(chain, alice, ['Balances', 'transfer_keep_alive', address, 10n ** 13n]));
    const result = chain.apply(sign(chain, key, ['System', 'remark_with_event', '0x1234'], { period: 64 }));
    expect(result).toMatchObject({ ok: true });
    chain.close();
    expect(chain.faults).toEqual([]);
  });

  it('is refused when a byte of it changes', () => {
    const chain = new TestChain();
    chain.open();
    const { bytes } = sign(chain, keyOf('Alice'), ['System', 'remark', '0x1234']);
    const forged = Uint8Array.from(bytes);
    forged[forged.length - 1] = 0x35;
    expect(() => chain.apply(chain.runtime.decodeExtrinsic(forged))).toThrow(/BadProof/);
  });

  it('is the same bytes for the client and for us', () => {
    const chain = new TestChain();
    const xt = sign(chain, keyOf('Alice'), ['Balances', 'transfer_allow_death', keyOf('Bob').address, 5n], {
      tip: 3n,
      period: 128,
    });
    const theirs = chain.registry.createType('Extrinsic', xt.bytes, { version: 4 });
    expect(hexOf(theirs.toU8a())).toBe(hexOf(xt.bytes));
    expect(theirs.tip.toBigInt()).toBe(3n);
  });
});
