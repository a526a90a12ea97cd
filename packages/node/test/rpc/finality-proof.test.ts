import { fromHex } from '@hamster/crypto';
import { bytes, compact, fixedBytes, Reader, u32 } from '@hamster/scale';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeBackend } from './support/fake-backend.ts';
import type { TestClient } from './support/client.ts';
import { serve, type TestServer } from './support/server.ts';

const BLOCKS = 3000;

describe('proofs of finality over many blocks', () => {
  const backend = new FakeBackend();
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    for (let number = 1; number <= BLOCKS; number++) backend.add();
    server = await serve(backend);
    client = await server.connect();
  });
  afterAll(() => server.stop());

  it('hold the first of the headers, up to a bound', async () => {
    const counts = [];
    for (const number of [0, BLOCKS - 10]) {
      const reader = new Reader(fromHex(await client.call<string>('grandpa_proveFinality', [number])));
      fixedBytes(32).decodeFrom(reader);
      bytes.decodeFrom(reader);
      counts.push(compact(u32).decodeFrom(reader));
    }
    expect(counts).toEqual([1024, 10]);
  });

  it('are made one after the other, however many are asked for at once', async () => {
    const read = vi.spyOn(backend, 'hashAt');
    const asked = Array.from({ length: 16 }, () => client.call('grandpa_proveFinality', [0]));
    const alone = await Promise.all(asked);
    const numbers = read.mock.calls.map(([number]) => number);
    read.mockRestore();
    expect(new Set(alone).size).toBe(1);
    const one = numbers.slice(0, numbers.length / 16);
    expect(numbers.join() === asked.flatMap(() => one).join()).toBe(true);
  });
});
