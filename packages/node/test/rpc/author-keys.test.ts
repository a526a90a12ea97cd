import { toHex } from '@hamster/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../src/key-store.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const SECRET = 'my secret';
const PUBLIC = `0x${'ab'.repeat(32)}`;

/** A secret is the text above; the key of that of each type is the same, and a new one is full of its number. */
function fakeKeyStore(): KeyStore {
  const held = new Set<string>();
  let made = 0;
  const publicKeyOf = (_type: string, secret: string): Promise<Uint8Array> =>
    secret === SECRET
      ? Promise.resolve(new Uint8Array(32).fill(0xab))
      : Promise.reject(new RangeError(`${secret} is no secret`));
  return {
    has: (type, publicKey) => held.has(`${type} ${toHex(publicKey)}`),
    publicKeyOf,
    async insert(type, secret) {
      const publicKey = await publicKeyOf(type, secret);
      held.add(`${type} ${toHex(publicKey)}`);
      return publicKey;
    },
    generate(type) {
      made += 1;
      const publicKey = new Uint8Array(32).fill(made);
      held.add(`${type} ${toHex(publicKey)}`);
      return Promise.resolve(publicKey);
    },
  };
}

describe('author_* for keys', () => {
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    server = await serve(new FakeBackend({}, { keyStore: fakeKeyStore() }), { allowUnsafe: true });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  const UNAVAILABLE = { code: 1040, message: 'The key store is unavailable' };

  it('keeps a secret, and knows that it has it', async () => {
    expect(await client.call('author_hasKey', [PUBLIC, 'aura'])).toBe(false);
    expect(await client.call('author_insertKey', ['aura', SECRET, PUBLIC])).toBeNull();
    expect(await client.call('author_hasKey', [PUBLIC, 'aura'])).toBe(true);
    expect(await client.call('author_hasKey', [PUBLIC, 'gran'])).toBe(false);
    expect(await client.call('author_hasKey', [PUBLIC, 'babe'])).toBe(false);
  });

  it('makes a key of each type, and answers them as session keys', async () => {
    const session = await client.call<string>('author_rotateKeys');
    expect(session).toBe(`0x${'01'.repeat(32)}${'02'.repeat(32)}`);
    expect(await client.call('author_hasSessionKeys', [session])).toBe(true);
    expect(await client.call('author_hasSessionKeys', [`0x${'01'.repeat(64)}`])).toBe(false);
    expect(await client.call('author_hasKey', [`0x${'02'.repeat(32)}`, 'gran'])).toBe(true);
  });

  it('does not keep a secret whose key is another than was said, nor one of a type without use', async () => {
    const other = `0x${'cd'.repeat(32)}`;
    expect(await client.fails('author_insertKey', ['aura', SECRET, other])).toEqual(UNAVAILABLE);
    expect(await client.fails('author_insertKey', ['babe', SECRET, PUBLIC])).toEqual(UNAVAILABLE);
    expect(await client.call('author_hasKey', [PUBLIC, 'aura'])).toBe(false);
  });

  it('never repeats a secret, in an answer or in its log', async () => {
    expect(await client.fails('author_insertKey', ['aura', 'a wrong secret', PUBLIC])).toEqual(UNAVAILABLE);
    expect(await client.fails('author_insertKey', ['aura', ['a wrong secret'], PUBLIC])).toMatchObject({
      code: -32602,
    });
    expect(JSON.stringify([client.received, server.faults])).not.toContain('wrong secret');
  });

  it('says of types and of session keys that they are none, in the words of Substrate', async () => {
    const badType = { code: 1040, message: 'Invalid key type ID format (should be of length four)' };
    expect(await client.fails('author_hasKey', [PUBLIC, 'auras'])).toEqual(badType);
    expect(await client.fails('author_insertKey', ['', SECRET, PUBLIC])).toEqual(badType);
    const badKeys = { code: 1040, message: 'Session keys are not encoded correctly' };
    expect(await client.fails('author_hasSessionKeys', ['0x01'])).toEqual(badKeys);
  });

  it.each([
    ['author_hasKey', [PUBLIC, 'aura']],
    ['author_hasSessionKeys', [PUBLIC]],
    ['author_insertKey', ['aura', SECRET, PUBLIC]],
    ['author_rotateKeys', []],
  ])('serves %s to the operator alone, and only with a key store', async (name, params) => {
    const publicly = await serve(new FakeBackend({}, { keyStore: fakeKeyStore() }));
    const stranger = await publicly.connect();
    const message = 'RPC call is unsafe to be called externally';
    expect(await stranger.fails(name, params)).toEqual({ code: -32601, message });
    await publicly.stop();
    const without = await serve(new FakeBackend(), { allowUnsafe: true });
    const operator = await without.connect();
    expect(await operator.fails(name, params)).toEqual({ code: -32601, message: 'Method not found' });
    await without.stop();
  });
});
