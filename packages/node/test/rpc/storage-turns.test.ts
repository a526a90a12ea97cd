import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { serve, type TestServer } from './support/server.ts';
import { SlowBackend } from './support/slow-backend.ts';

const ITEM = { key: '0xaa', type: 'value' };

describe('storage that takes long to read', () => {
  let backend: SlowBackend;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new SlowBackend();
    server = await serve(backend);
    client = await server.connect();
  });
  afterEach(async () => {
    backend.stop();
    await server.stop();
  });

  const expectOneReadInEachTurn = (count: number): void => {
    expect(backend.reads).toHaveLength(count);
    expect(new Set(backend.reads).size).toBe(count);
  };

  it('is read in many turns for one chainHead operation, and told at once', async () => {
    const id = await client.call<string>('chainHead_v1_follow', [false]);
    await client.call('chainHead_v1_storage', [id, backend.genesisHash, Array(16).fill(ITEM), null]);
    await client.event(id, 'operationStorageDone');
    const told = await client.event(id, 'operationStorageItems');
    expect(told).toMatchObject({ items: Array(16).fill({ key: '0xaa', value: '0x01' }) });
    expectOneReadInEachTurn(16);
  });

  it('is read in a turn for each of many chainHead operations', async () => {
    const id = await client.call<string>('chainHead_v1_follow', [false]);
    for (let at = 0; at < 16; at++)
      void client.call('chainHead_v1_storage', [id, backend.genesisHash, [ITEM], null]);
    await client.event(id, 'operationStorageDone', 15);
    expectOneReadInEachTurn(16);
  });

  it('is read in a turn for each of many archive subscriptions', async () => {
    const asked = Array.from({ length: 16 }, () =>
      client.call<string>('archive_v1_storage', [backend.genesisHash, Array(4).fill(ITEM)]),
    );
    for (const id of await Promise.all(asked)) await client.event(id, 'storageDone');
    expectOneReadInEachTurn(64);
  });

  it('is compared in a turn for each of many subscriptions to differences', async () => {
    const { hash } = backend.add({ changes: { '0xaa': '0x02', '0xab': '0x02', '0xac': '0x02' } });
    const asked = Array.from({ length: 8 }, () => client.call<string>('archive_v1_storageDiff', [hash]));
    for (const id of await Promise.all(asked)) await client.event(id, 'storageDiffDone');
    // Each compares a value of the one state with one of the other.
    expect(backend.reads).toHaveLength(48);
    expect(new Set(backend.reads).size).toBe(24);
  });
});
