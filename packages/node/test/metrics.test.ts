import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readExposition, type MetricFamily } from '@hamster/daemon-api/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthoredBlock } from '../src/author.ts';
import { startMetricsServer, type MetricsServer } from '../src/metrics/index.ts';
import type { MetricSources } from '../src/metrics/sources.ts';
import { FakeBackend } from './rpc/support/fake-backend.ts';
import { serve, type TestServer } from './rpc/support/server.ts';

/** Substrate's own, whose suffixes say nothing. */
const FOREIGN = [
  ...['calls_started', 'calls_finished', 'sessions_opened', 'sessions_closed'].map((what) => `rpc_${what}`),
  'sub_libp2p_peers_count',
].map((name) => `substrate_${name}`);
const NETWORK = {
  peers: () => [{ peerId: 'x', role: 'full', best: { hash: '0x00', number: 9 } }] as const,
  isSyncing: () => true,
  shouldHavePeers: true,
  highestBlock: () => 9,
};

describe('the metrics of a node', () => {
  let backend: FakeBackend;
  let rpc: TestServer;
  let metrics: MetricsServer;
  let authored: ((made: AuthoredBlock) => void)[];
  beforeEach(async () => {
    backend = new FakeBackend();
    rpc = await serve(backend);
    authored = [];
    const sources: MetricSources = {
      backend,
      identity: { version: '1.2.3', roles: ['Authority'], network: NETWORK },
      rpc: rpc.server,
      onAuthored: (listener) => {
        authored.push(listener);
        return () => void authored.splice(authored.indexOf(listener), 1);
      },
    };
    metrics = await startMetricsServer({ host: '127.0.0.1', port: 0 }, sources);
  });
  afterEach(async () => {
    await metrics.close();
    await rpc.stop();
  });

  const get = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${metrics.port}${path}`, init);

  const scrape = async (): Promise<Map<string, MetricFamily>> =>
    readExposition(await (await get('/metrics')).text(), FOREIGN);

  const valueOf = (families: Map<string, MetricFamily>, name: string, labels: object = {}): unknown =>
    families
      .get(name)
      ?.samples.find(({ labels: given }) =>
        Object.entries(labels).every(([key, value]) => given[key] === value),
      )?.value;

  it('are named as sc-service metrics.rs has them, and labelled with the chain', async () => {
    backend.add();
    backend.pool.push(Uint8Array.of(1), Uint8Array.of(2));
    const families = await scrape();
    const height = (status: string): unknown => valueOf(families, 'substrate_block_height', { status });
    expect([height('best'), height('finalized'), height('sync_target')]).toEqual([1, 1, 9]);
    expect(valueOf(families, 'substrate_ready_transactions_number')).toBe(2);
    expect(valueOf(families, 'hamster_node_future_transactions')).toBe(0);
    expect(valueOf(families, 'substrate_sub_libp2p_peers_count')).toBe(1);
    expect(valueOf(families, 'substrate_sub_libp2p_is_major_syncing')).toBe(1);
    expect(valueOf(families, 'substrate_build_info', { version: '1.2.3' })).toBe(1);
    expect(valueOf(families, 'substrate_node_roles')).toBe(4);
    expect(valueOf(families, 'substrate_process_start_time_seconds')).toBeGreaterThan(1.7e9);
    expect(valueOf(families, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    for (const [name, { samples }] of families)
      for (const { labels } of samples) expect(labels['chain'], name).toBe(backend.chainSpec.id);
  });

  it('count calls and sessions as sc-rpc-server middleware/metrics.rs, unknown methods under no name', async () => {
    const client = await rpc.connect();
    await client.call('system_name');
    await client.call('system_name');
    await client.fails('archive_v1_hashByHeight', [2 ** 32]);
    await client.fails('author_submitAndWatchExtrinsic', ['0x']);
    await client.fails('made_up_by_a_client');
    const families = await scrape();
    const started = (method: string): unknown => valueOf(families, 'substrate_rpc_calls_started', { method });
    const finished = (method: string, is_error: string): unknown =>
      valueOf(families, 'substrate_rpc_calls_finished', { method, is_error });
    expect([started('system_name'), started('made_up_by_a_client')]).toEqual([2, undefined]);
    expect([finished('system_name', 'false'), finished('system_name', 'true')]).toEqual([2, undefined]);
    expect(finished('archive_v1_hashByHeight', 'true')).toBe(1);
    expect(finished('author_submitAndWatchExtrinsic', 'true')).toBe(1);
    const time = families.get('substrate_rpc_calls_time')?.samples ?? [];
    const count = time.find(
      ({ name, labels }) => name.endsWith('_count') && labels['method'] === 'system_name',
    );
    expect(count?.value).toBe(2);
    const sessions = (what: string): unknown => valueOf(families, `substrate_rpc_sessions_${what}`);
    expect([sessions('opened'), sessions('closed')]).toEqual([1, 0]);
    await client.close();
    await expect
      .poll(async () => valueOf(await scrape(), 'substrate_rpc_sessions_closed'), { timeout: 20_000 })
      .toBe(1);
  });

  it('time the blocks that were made as sc-proposer-metrics', async () => {
    for (const listener of authored) listener({ hash: backend.genesisHash, ms: 40, transactions: 7 });
    const families = await scrape();
    const time = families.get('substrate_proposer_block_constructed')?.samples ?? [];
    expect(time.find(({ name }) => name.endsWith('_sum'))?.value).toBe(0.04);
    expect(valueOf(families, 'substrate_proposer_number_of_transactions')).toBe(7);
  });

  it('are all that is served', async () => {
    expect((await get('/metrics')).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await get('/metrics?x=1')).status).toBe(200);
    expect([(await get('/')).status, (await get('/metrics/')).status]).toEqual([404, 404]);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('let go of what they listened to, and of nothing else', async () => {
    await metrics.close();
    expect(authored).toEqual([]);
    const client = await rpc.connect();
    expect(await client.call('system_name')).toBe('Hamster Node');
    metrics = await startMetricsServer(
      { host: '127.0.0.1', port: metrics.port },
      {
        backend,
        identity: { version: '1', roles: ['Full'] },
        rpc: rpc.server,
        onAuthored: () => () => undefined,
      },
    );
    expect(valueOf(await scrape(), 'substrate_node_roles')).toBe(1);
  });

  it('cannot be served on a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const sources = { backend, identity: { version: '1', roles: [] }, rpc: rpc.server };
    const starting = startMetricsServer(
      { host: '127.0.0.1', port },
      { ...sources, onAuthored: () => () => undefined },
    );
    await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await new Promise((resolve) => void other.close(resolve));
  });
});
