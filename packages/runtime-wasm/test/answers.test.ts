import { fromHex, twox128 } from '@hamster/crypto';
import { concatBytes, storagePrefix } from '@hamster/frame';
import { aura, grandpa } from '@hamster/pallets';
import { u32 } from '@hamster/scale';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { BothRuntimes, hexOf, keyOf } from './support/client.ts';
import { Aborted } from './support/host.ts';

const both = new BothRuntimes();
beforeEach(() => both.reset());

const expectSame = (method: string, ...args: readonly Uint8Array[]): string => {
  const { rules, wasm } = both.ask(method, ...args);
  expect(wasm).toBe(rules);
  expect(wasm).not.toBe('refused');
  return wasm;
};

describe('what never changes', () => {
  it.each(['Core_version', 'Metadata_metadata', 'Metadata_metadata_versions'])('%s', (method) => {
    expectSame(method);
  });

  it.each([0, 13, 14, 15, 16, 17, 0xffff_ffff])('metadata at version %i', (version) => {
    expectSame('Metadata_metadata_at_version', u32.encode(version));
  });

  it('has the version in the sections where Substrate looks before it runs anything', () => {
    const [version] = WebAssembly.Module.customSections(both.program.module, 'runtime_version');
    const [apis] = WebAssembly.Module.customSections(both.program.module, 'runtime_apis');
    expect(hexOf(new Uint8Array(version ?? new ArrayBuffer()))).toBe(both.ask('Core_version').rules);
    const expected = both.runtime.version.apis.map(([id, number]) =>
      concatBytes(fromHex(id), u32.encode(number)),
    );
    expect(hexOf(new Uint8Array(apis ?? new ArrayBuffer()))).toBe(hexOf(concatBytes(...expected)));
  });
});

describe('authorities', () => {
  const METHODS = [
    'AuraApi_slot_duration',
    'AuraApi_authorities',
    'GrandpaApi_grandpa_authorities',
    'GrandpaApi_current_set_id',
  ];

  it.each(METHODS)('%s of genesis', (method) => {
    expectSame(method);
  });

  it('follow a change of the set, of any size', () => {
    const keys = Array.from({ length: 100 }, (_, index) => new Uint8Array(32).fill(index));
    for (const count of [0, 1, 2, 70, 100]) {
      const set = keys.slice(0, count);
      aura.Authorities.put(both, set);
      grandpa.Authorities.put(
        both,
        set.map((key, weight) => [key, BigInt(weight)] as const),
      );
      grandpa.CurrentSetId.put(both, BigInt(count) << 33n);
      for (const method of METHODS) expectSame(method);
    }
  });

  it('are none, and the duration is the constant, where the state has no entry', () => {
    for (const pallet of ['Aura', 'Grandpa']) {
      const prefix = twox128(new TextEncoder().encode(pallet));
      for (const key of [...both.state.keys(prefix)]) both.state.delete(key);
    }
    for (const method of METHODS) expectSame(method);
  });
});

describe('nonces', () => {
  it('are those of the accounts, and zero for who has none', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (who, nonce) => {
          expectSame('AccountNonceApi_account_nonce', who);
          both.putAccount(who, { ...both.account(who), nonce });
          expect(expectSame('AccountNonceApi_account_nonce', who)).toBe(hexOf(u32.encode(nonce)));
        },
      ),
    );
  });

  it('are read from the one entry that a proof has to have', () => {
    const { publicKey } = keyOf('Alice');
    const { reads } = both.program.run(both.state, 'AccountNonceApi_account_nonce', publicKey);
    expect(reads).toHaveLength(1);
    expect(hexOf(reads[0] ?? new Uint8Array())).toContain(hexOf(storagePrefix('System', 'Account')).slice(2));
  });
});

describe('what it cannot answer', () => {
  it('is said in a sentence', () => {
    for (const method of ['Core_execute_block', 'BlockBuilder_finalize_block']) {
      expect(() => both.program.call(both.state, method)).toThrow(Aborted);
      expect(() => both.program.call(both.state, method)).toThrow(new RegExp(`^${method} needs the rules`));
    }
  });

  it('is what needs the rules: every other runtime API of the metadata is there', () => {
    const listed = both.registry.metadata.apis.flatMap(({ name, methods }) =>
      methods.map((method) => `${name.toString()}_${method.name.toString()}`),
    );
    const exported = WebAssembly.Module.exports(both.program.module).map(({ name }) => name);
    expect(exported).toEqual(expect.arrayContaining(listed));
  });

  it.each([
    ['AccountNonceApi_account_nonce', '0x00'],
    ['AccountNonceApi_account_nonce', `0x${'00'.repeat(33)}`],
    ['Metadata_metadata_at_version', '0x0e'],
    ['TransactionPaymentApi_query_info', '0x'],
    ['TransactionPaymentApi_query_info', '0x0400000000'],
    ['TransactionPaymentCallApi_query_call_info', '0xffff00000000'],
    ['TaggedTransactionQueue_validate_transaction', '0x'],
    ['TaggedTransactionQueue_validate_transaction', `0x0300${'00'.repeat(32)}`],
    ['TaggedTransactionQueue_validate_transaction', `0x0200${'00'.repeat(33)}`],
  ])('%s of %s, as the rules refuse it', (method, args) => {
    expect(both.ask(method, fromHex(args))).toEqual({ rules: 'refused', wasm: 'refused' });
  });
});
