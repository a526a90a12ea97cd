import { concatBytes, StorageVersion, storagePrefix } from '@hamster/frame';
import { Account } from '@hamster/pallets';
import { u32, u64 } from '@hamster/scale';
import { beforeEach, expect, it } from 'vitest';
import { keyOf, TestChain } from './support/chain.ts';
import { OldChain } from './support/old-chain.ts';
import { sign } from './support/sign.ts';

const [bob, charlie] = [keyOf('Bob'), keyOf('Charlie')];
const CURSOR = storagePrefix('MultiBlockMigrations', 'Cursor');
const RENTER = Uint8Array.of(0);
const NONE = Uint8Array.of(0);
const LIMIT = u32.encode(50);
const SMALLEST = new Uint8Array(8);

/** Every question that reads leases, with its arguments. */
const QUESTIONS: Readonly<Record<string, Uint8Array>> = {
  LeasesApi_leases_of: concatBytes(charlie.publicKey, RENTER, NONE, LIMIT),
  LeasesApi_orders_of: concatBytes(charlie.publicKey, RENTER, NONE, LIMIT),
  MarketApi_offers: concatBytes(SMALLEST, NONE, LIMIT),
  MarketApi_quote: concatBytes(u64.encode(1n), u32.encode(1), u32.encode(64), u32.encode(1), u32.encode(1)),
};

/** These are asked of any state, and read nothing that has changed its shape. */
const ALWAYS: Readonly<Record<string, Uint8Array>> = {
  Core_version: NONE.subarray(1),
  AccountNonceApi_account_nonce: charlie.publicKey,
  WithdrawableApi_withdrawable: charlie.publicKey,
  AuraApi_authorities: NONE.subarray(1),
  GrandpaApi_grandpa_authorities: NONE.subarray(1),
};

let chain: OldChain;
beforeEach(() => {
  chain = new OldChain();
});

const ask = (method: string, args: Uint8Array): Uint8Array => chain.runtime.call(chain.state, method, args);
const answersAll = (questions: Readonly<Record<string, Uint8Array>>): void => {
  for (const [method, args] of Object.entries(questions)) expect(ask(method, args).length).toBeGreaterThan(0);
};

it('a state from before the migration is refused where leases are read, by name, and answers all else', () => {
  for (const [method, args] of Object.entries(QUESTIONS)) {
    const refusal = { code: 'STATE_IN_OTHER_SHAPE', message: expect.stringContaining(method) as string };
    expect(() => ask(method, args)).toThrow(expect.objectContaining(refusal) as Error);
    expect(() => ask(method, args)).toThrow(/since the upgrade/);
  }
  answersAll(ALWAYS);
});

it('a state that is being migrated says so', () => {
  chain.open({ marked: true });
  chain.close();
  answersAll({ ...QUESTIONS, ...ALWAYS });
  StorageVersion.put(chain.at, 'ResourceOrder', 0);
  chain.state.put(CURSOR, Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0));
  for (const [method, args] of Object.entries(QUESTIONS))
    expect(() => ask(method, args)).toThrow(/on the way/);
  answersAll(ALWAYS);
});

it('a report is examined on a state whose leases cannot be read, as an ordinary transaction', () => {
  const client = new TestChain();
  const report = { lease: 1, cpu_cores: 1, memory_mib: 64, disk_gib: 1, running: true };
  const { nonce } = Account.get(chain.at, bob.publicKey);
  const xt = sign(client, bob, ['ResourceOrder', 'heartbeat', [report]], { nonce });
  const options = { signatureValid: true, source: 'External', blockHash: new Uint8Array(32) } as const;
  expect(chain.runtime.validate(chain.state, xt, options).priority).toBeLessThan(1n << 63n);
});
