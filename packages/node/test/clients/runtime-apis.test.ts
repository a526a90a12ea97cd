import { ApiPromise, WsProvider as PolkadotJsProvider } from '@polkadot/api';
import { Keyring } from '@polkadot/keyring';
import { DedotClient, WsProvider as DedotProvider } from 'dedot';
import { createClient } from 'polkadot-api';
import { getWsProvider } from 'polkadot-api/ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

const alice = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Alice').address;
const SPEC = { cpu_cores: 1, memory_mib: 1_024, disk_gib: 10 };

/** Clients know these APIs from the metadata alone: names, arguments and answers have types. */
describe('our own runtime APIs, by unmodified clients', () => {
  let node: NodeProcess;
  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--block-time', '300ms');
  });
  afterAll(() => node?.stop());

  it('are decorated by @polkadot/api', async () => {
    const api = await ApiPromise.create({ provider: new PolkadotJsProvider(node.url), noInitWarn: true });
    try {
      const { marketApi, leasesApi, withdrawableApi } = api.call;
      expect((await marketApi!['offers']!({}, null, 10)).toJSON()).toEqual({ offers: [], next: null });
      expect((await marketApi!['quote']!(1, SPEC, 2)).toJSON()).toEqual({ err: 'ResourceNotFound' });
      const leases = await leasesApi!['leasesOf']!(alice, 'Renter', null, 10);
      expect(leases.toJSON()).toEqual({ leases: [], next: null });
      expect((await withdrawableApi!['withdrawable']!(alice)).toJSON()).toEqual([]);
    } finally {
      await api.disconnect();
    }
  });

  it('and view functions, are typed by polkadot-api', async () => {
    const client = createClient(getWsProvider(node.url));
    try {
      const api = client.getUnsafeApi();
      const { MarketApi, LeasesApi } = api.apis;
      const filter = {
        ...{ cpu_cores: undefined, memory_mib: undefined, disk_gib: undefined, hours: 2 },
        ...{ max_price_per_hour: 10n ** 12n, image: undefined, region: undefined, virtualization: undefined },
      };
      expect(await MarketApi!['offers']!(filter, undefined, 10)).toEqual({ offers: [], next: undefined });
      const refused = (await MarketApi!['quote']!(1n, SPEC, 2)) as { success: boolean; value: unknown };
      expect(refused).toMatchObject({ success: false, value: { type: 'ResourceNotFound' } });
      const orders = LeasesApi!['orders_of']!(alice, { type: 'Provider', value: undefined }, undefined, 10);
      expect(await orders).toEqual({ orders: [], next: undefined });
      expect(await api.view['Balances']!['spendable']!(alice)).toBeGreaterThan(10n ** 12n);
    } finally {
      client.destroy();
    }
  });

  it('and view functions, are typed by dedot', async () => {
    const client = await DedotClient.new({ provider: new DedotProvider(node.url), throwOnUnknownApi: true });
    try {
      const call = client.call as unknown as Record<
        string,
        Record<string, (...args: unknown[]) => Promise<unknown>>
      >;
      expect(await call['marketApi']!['offers']!({}, undefined, 10)).toMatchObject({ offers: [] });
      expect(await call['marketApi']!['quote']!(1n, camelCased(SPEC), 2)).toMatchObject({
        isErr: true,
        err: 'ResourceNotFound',
      });
      expect(await call['withdrawableApi']!['withdrawable']!(alice)).toEqual([]);
      const view = client.view as unknown as typeof call;
      expect(await view['balances']!['spendable']!(alice)).toBeGreaterThan(10n ** 12n);
    } finally {
      await client.disconnect();
    }
  });
});

const camelCased = (spec: typeof SPEC) => ({
  cpuCores: spec.cpu_cores,
  memoryMib: spec.memory_mib,
  diskGib: spec.disk_gib,
});
