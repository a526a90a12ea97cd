import { concatBytes } from '@hamster/frame';
import { BlockHash } from '@hamster/pallets';
import { createRuntime, VERSION } from '@hamster/runtime';
import { compact, u32 } from '@hamster/scale';
import type { RuntimeDispatchInfo } from '@polkadot/types/interfaces';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { damaged } from './support/arbitraries.ts';
import { BothRuntimes, HEAD_HASH, keyOf, type Scheme, type SignOptions } from './support/client.ts';

const both = new BothRuntimes();
beforeEach(() => both.reset());
// Hundreds of cases each, on machines that have other things to do.
vi.setConfig({ testTimeout: 120_000 });

const EXTERNAL = Uint8Array.of(2);
const ED = 10n ** 9n;
const [alice, bob, stranger] = [keyOf('Alice'), keyOf('Bob'), keyOf('Stranger')];

const validate = (extrinsic: Uint8Array): string => {
  const { rules, wasm } = both.ask(
    'TaggedTransactionQueue_validate_transaction',
    EXTERNAL,
    extrinsic,
    HEAD_HASH,
  );
  expect(wasm).toBe(rules);
  return wasm;
};

const remark = (text = '0x00') => both.call('System', 'remark', text);
/** More bytes than any block has. */
const heavy = () => remark(`0x${'00'.repeat(4_000_000)}`);

/** The answers of the wire: `Err(Invalid(kind))`, or what begins with `Ok`. */
const KINDS: Readonly<Record<string, string>> = {
  '0x010000': 'Call',
  '0x010001': 'Payment',
  '0x010003': 'Stale',
  '0x010004': 'BadProof',
  '0x010005': 'AncientBirthBlock',
  '0x010006': 'ExhaustsResources',
  '0x010009': 'MandatoryValidation',
  '0x01000a': 'BadSigner',
  '0x010100': 'CannotLookup',
  '0x010101': 'NoUnsignedValidator',
};
const kindOf = (answer: string): string => KINDS[answer] ?? (answer.startsWith('0x00') ? 'valid' : answer);

/** Money of the account, exactly. */
const give = (who: Uint8Array, free: bigint, nonce = 0): void => {
  const info = both.account(who);
  both.putAccount(who, { ...info, nonce, providers: 1, data: { ...info.data, free } });
};

describe('a good transaction', () => {
  it.each<[string, Scheme, SignOptions]>([
    ['immortal', 'sr25519', {}],
    ['mortal', 'sr25519', { period: 64 }],
    ['long-lived', 'sr25519', { period: 65_536 }],
    ['with a tip', 'sr25519', { tip: 1_000_000n }],
    ['for later', 'sr25519', { nonce: 3 }],
    ['with the hash of the metadata', 'sr25519', { metadataHash: both.runtime.metadataHash, period: 64 }],
    ['by ed25519', 'ed25519', { period: 4 }],
    ['by ecdsa', 'ecdsa', { nonce: 70_000 }],
  ])('%s', (_, scheme, options) => {
    const key = keyOf('Alice', scheme);
    give(key.addressRaw, 10n ** 15n);
    expect(kindOf(validate(both.sign(key, remark(), options)))).toBe('valid');
  });

  it('may be longer than what is signed in plain', () => {
    const { metadataHash } = both.runtime;
    for (const length of [148, 149, 150, 151, 152, 180, 181, 182, 183, 184, 200, 20_000]) {
      const call = remark(`0x${'07'.repeat(length)}`);
      expect(kindOf(validate(both.sign(alice, call)))).toBe('valid');
      expect(kindOf(validate(both.sign(alice, call, { metadataHash })))).toBe('valid');
    }
  });

  it('has the priority, the tags and the longevity of the rules, whatever tip, nonce and era', () => {
    const options = fc.record({
      nonce: fc.integer({ min: 0, max: 0xffff_ffff }),
      tip: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })),
      period: fc.constantFrom(undefined, 4, 64, 4_096, 65_536),
    });
    const money = fc.bigInt({ min: 10n ** 9n, max: (1n << 128n) - 1n });
    const calls = fc.constantFrom(remark(), both.call('Validators', 'set_parameters', { era: 60_000 }));
    fc.assert(
      fc.property(
        options,
        money,
        fc.integer({ min: 0, max: 0xffff_ffff }),
        calls,
        ({ period, ...rest }, free, nonce, call) => {
          give(alice.publicKey, free, nonce);
          validate(both.sign(alice, call, period === undefined ? rest : { ...rest, period }));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what is operational', () => {
  const operational = both.call('Validators', 'set_parameters', { era: 60_000 });
  it.each([0n, 1n, (1n << 60n) - 1n, 1n << 60n, (1n << 62n) + 7n, (1n << 64n) - 1n, 1n << 64n, 1n << 100n])(
    'has the priority of the rules with a tip of %i',
    (tip) => {
      give(alice.publicKey, (1n << 127n) - 1n);
      expect(kindOf(validate(both.sign(alice, operational, { tip })))).toBe('valid');
    },
  );
});

describe('a transaction that is refused', () => {
  it.each<[string, () => Uint8Array]>([
    ['Stale', () => (give(alice.publicKey, 10n ** 15n, 7), both.sign(alice, remark(), { nonce: 6 }))],
    ['Payment', () => both.sign(stranger, remark())],
    ['Payment', () => both.sign(alice, remark(), { tip: 1n << 100n })],
    ['BadProof', () => both.sign(alice, remark(), { specVersion: 99 })],
    ['BadProof', () => both.sign(alice, remark(), { metadataHash: new Uint8Array(32) })],
    ['ExhaustsResources', () => both.sign(alice, heavy())],
    ['Stale', () => (give(alice.publicKey, 10n ** 15n, 7), both.sign(alice, heavy(), { nonce: 6 }))],
    ['Payment', () => both.sign(stranger, heavy())],
    ['ExhaustsResources', () => both.sign(alice, heavy(), { tip: 1n << 100n })],
    ['MandatoryValidation', () => both.sign(alice, both.call('Timestamp', 'set', 1n))],
    ['MandatoryValidation', () => both.runtime.inherents({ now: 1n })[0] ?? new Uint8Array()],
    ['NoUnsignedValidator', () => Uint8Array.of(16, 4, 0, 0, 0)],
    ['Call', () => Uint8Array.of(0)],
    ['Call', () => Uint8Array.of(4, 5)],
  ])('%s (%#)', (kind, make) => {
    expect(kindOf(validate(make()))).toBe(kind);
  });

  it('AncientBirthBlock, when the hash of the block where its era begins is gone', () => {
    const extrinsic = both.sign(alice, remark(), { period: 64 });
    expect(kindOf(validate(extrinsic))).toBe('valid');
    BlockHash.remove(both, 0);
    expect(kindOf(validate(extrinsic))).toBe('AncientBirthBlock');
  });

  it('CannotLookup, with the hash of a metadata that is only rehearsed', () => {
    const version = { ...VERSION, specVersion: VERSION.specVersion + 1 };
    const rehearsed = new BothRuntimes(createRuntime({ version }));
    const answer = (options: SignOptions) =>
      rehearsed.ask(
        'TaggedTransactionQueue_validate_transaction',
        EXTERNAL,
        rehearsed.sign(alice, remark(), options),
        HEAD_HASH,
      );
    const { rules, wasm } = answer({ metadataHash: new Uint8Array(32) });
    expect([kindOf(rules), kindOf(wasm)]).toEqual(['CannotLookup', 'CannotLookup']);
    expect(kindOf(answer({}).wasm)).toBe('valid');
  });

  it('Payment, from the first planck that is missing', () => {
    const extrinsic = both.sign(bob, remark(), { tip: 12_345n });
    const { partialFee } = feeOf(extrinsic);
    for (const [missing, kind] of [
      [0n, 'valid'],
      [1n, 'Payment'],
    ] as const) {
      give(bob.publicKey, partialFee + 12_345n + ED - missing);
      expect(kindOf(validate(extrinsic))).toBe(kind);
    }
  });

  it('BadSigner, of the account of all zeros', () => {
    const extrinsic = both.sign(alice, remark());
    expect(['BadProof', 'BadSigner']).toContain(kindOf(validate(extrinsic.fill(0, 4, 36))));
  });

  it('as the rules refuse it, with any damage', () => {
    const originals = (['sr25519', 'ed25519', 'ecdsa'] as const).map((scheme) => {
      const key = keyOf('Alice', scheme);
      give(key.addressRaw, 10n ** 15n);
      return both.sign(key, remark('0x0102'), { period: 64, tip: 5n, nonce: 100 }).slice(2);
    });
    fc.assert(
      fc.property(fc.constantFrom(...originals).chain(damaged), (bytes) => {
        validate(concatBytes(compact(u32).encode(bytes.length), bytes));
      }),
      { numRuns: 400 },
    );
  });
});

const feeOf = (extrinsic: Uint8Array): { readonly partialFee: bigint } => {
  const { rules } = both.ask('TransactionPaymentApi_query_info', extrinsic, u32.encode(extrinsic.length));
  const info = both.registry.createType<RuntimeDispatchInfo>('RuntimeDispatchInfo', rules);
  return { partialFee: BigInt(info.partialFee.toString()) };
};

describe('what a proof has to have', () => {
  it('is no more than what the rules read', () => {
    const read: string[] = [];
    const extrinsic = both.sign(alice, remark(), { period: 64 });
    const input = concatBytes(EXTERNAL, extrinsic, HEAD_HASH);
    const get = both.state.get.bind(both.state);
    both.state.get = (key) => {
      read.push(Buffer.from(key).toString('hex'));
      return get(key);
    };
    both.runtime.call(both.state, 'TaggedTransactionQueue_validate_transaction', input);
    const byRules = new Set(read);
    both.state.get = get;
    const { reads } = both.program.run(both.state, 'TaggedTransactionQueue_validate_transaction', input);
    expect(reads.length).toBeGreaterThan(2);
    for (const key of reads) expect(byRules).toContain(Buffer.from(key).toString('hex'));
  });
});
