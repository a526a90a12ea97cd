import { MerkleizedMetadata } from '@dedot/merkleized-metadata';
import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { metadata as papiCodec } from '@polkadot-api/substrate-bindings';
import { Metadata, type Result, TypeRegistry } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { $Metadata } from 'dedot/codecs';
import { describe, expect, it } from 'vitest';
import { createRuntime, EXISTENTIAL_DEPOSIT, HAM } from '../src/index.ts';
import { callApi } from './support/call-api.ts';
import { hexOf, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const VERSIONS = [14, 15, 16] as const;
const runtime = createRuntime();

const polkadotJs = (version: (typeof VERSIONS)[number]) => {
  const registry = new TypeRegistry();
  return new Metadata(registry, hexOf(runtime.metadata(version))).asLatest;
};

const v16 = () => {
  const { metadata } = papiCodec.dec(runtime.metadata(16));
  if (metadata.tag !== 'v16') throw new RangeError(metadata.tag);
  return metadata.value;
};

describe('metadata', () => {
  it.each(VERSIONS)('%i comes back as it was through the codecs of dedot and polkadot-api', (version) => {
    const encoded = runtime.metadata(version);
    expect(hexOf($Metadata.tryEncode($Metadata.tryDecode(encoded)))).toBe(hexOf(encoded));
    expect(hexOf(papiCodec.enc(papiCodec.dec(encoded)))).toBe(hexOf(encoded));
  });

  it('describes the same pallets and types in all its versions', () => {
    const [first, ...others] = VERSIONS.map((version) => {
      const { pallets, lookup } = polkadotJs(version);
      const named = pallets.map(({ name, index, calls, events, errors, storage, constants }) => ({
        ...{ name: name.toString(), index: index.toNumber() },
        calls: calls.isSome ? calls.unwrap().type.toString() : undefined,
        events: events.isSome ? events.unwrap().type.toString() : undefined,
        errors: errors.isSome ? errors.unwrap().type.toString() : undefined,
        storage: storage.isSome ? storage.unwrap().items.map((item) => item.name.toString()) : [],
        constants: constants.map((constant) => constant.name.toString()),
      }));
      return { named, types: lookup.types.toHex() };
    });
    for (const other of others) expect(other).toEqual(first);
  });

  it('is listed in exactly the versions that are served', () => {
    const chain = new TestChain();
    const listed = callApi(chain, 'Metadata', 'metadata_versions').toJSON();
    expect(listed).toEqual([...VERSIONS]);
    for (let version = 0; version < 32; version += 1) {
      const isServed = !callApi(chain, 'Metadata', 'metadata_at_version', version).isEmpty;
      expect(isServed).toBe(VERSIONS.some((known) => known === version));
    }
  });

  it('16 has view functions, the types that chains share, and nothing deprecated', () => {
    const { pallets, extrinsic } = v16();
    const pallet = (name: string) => pallets.find((found) => found.name === name);
    expect(pallet('Balances')?.viewFns.map(({ name }) => name)).toEqual(['spendable']);
    expect(pallet('Balances')?.associatedTypes.map(({ name }) => name)).toEqual(['Balance']);
    expect(pallet('System')?.associatedTypes.map(({ name }) => name)).toContain('Nonce');
    expect(pallets.every(({ deprecationInfo }) => deprecationInfo.tag === 'NotDeprecated')).toBe(true);
    const all = extrinsic.signedExtensions.map((_, index) => index);
    expect(extrinsic.signedExtensionsByVersion).toEqual([[0, all]]);
  });
});

describe('view functions', () => {
  const chain = new TestChain();
  const ask = (id: string, input: Uint8Array): Result<Codec, Codec> => {
    const query = { prefix: id.slice(0, 34), suffix: `0x${id.slice(34)}` };
    const answer = callApi(chain, 'RuntimeViewFunction', 'execute_view_function', query, hexOf(input));
    return answer as Result<Codec, Codec>;
  };
  const idOf = (pallet: string, view: string): string =>
    v16()
      .pallets.find(({ name }) => name === pallet)
      ?.viewFns.find(({ name }) => name === view)?.id ?? '';

  it('answer from the state', () => {
    const alice = keyOf('Alice').publicKey;
    const answer = ask(idOf('Balances', 'spendable'), alice).asOk.toU8a(true);
    const spendable = chain.registry.createType('u128', answer).toBigInt();
    expect(spendable).toBe(chain.account(alice).free - EXISTENTIAL_DEPOSIT);
    const capacity = chain.registry.createType('(u32, u32, u32, u32)', [4, 2_048, 100, 0]).toU8a();
    const stake = ask(idOf('Provider', 'listing_stake'), capacity).asOk.toU8a(true);
    expect(chain.registry.createType('u128', stake).toBigInt()).toBe(4n * HAM + (2n * HAM) / 5n + HAM);
  });

  it('refuse what they do not know', () => {
    expect(ask(`0x${'00'.repeat(32)}`, new Uint8Array()).asErr.toJSON()).toMatchObject({
      notFound: { prefix: `0x${'00'.repeat(16)}` },
    });
    expect(ask(idOf('Balances', 'spendable'), Uint8Array.of(1)).asErr.toString()).toBe('Codec');
  });
});

describe('the digest of the metadata', () => {
  const token = { decimals: 12, tokenSymbol: 'HAM' };
  const encoded = runtime.metadata(15);

  it('is the same for two implementations', () => {
    const papi = hexOf(merkleizeMetadata(encoded, token).digest());
    expect(papi).toMatch(/^0x[0-9a-f]{64}$/);
    expect(hexOf(new MerkleizedMetadata(encoded, token).digest())).toBe(papi);
  });

  it('proves the types of an extrinsic, as a hardware wallet asks for', () => {
    const chain = new TestChain();
    const xt = sign(chain, keyOf('Alice'), ['Balances', 'transfer_keep_alive', keyOf('Bob').address, 5n]);
    const proof = merkleizeMetadata(encoded, token).getProofForExtrinsic(xt.bytes);
    expect(proof.length).toBeGreaterThan(500);
    const theirs = new MerkleizedMetadata(encoded, token).proofForExtrinsic(hexOf(xt.bytes));
    expect(hexOf(theirs)).toBe(hexOf(proof));
  });

  it('is known to the rules as of this version', () => {
    // Another one? Then calls, extensions or the version changed: it has its line in `metadata-hash.ts`.
    expect(hexOf(runtime.metadataHash ?? new Uint8Array())).toBe(
      hexOf(merkleizeMetadata(encoded, token).digest()),
    );
  });

  it('may be signed along, or left out', () => {
    const chain = new TestChain();
    const remark = ['System', 'remark', '0x1234'] as const;
    const metadataHash = merkleizeMetadata(encoded, token).digest();
    expect(chain.block(sign(chain, keyOf('Alice'), remark))).toMatchObject([{ ok: true }]);
    expect(chain.block(sign(chain, keyOf('Bob'), remark, { metadataHash }))).toMatchObject([{ ok: true }]);
  });
});
