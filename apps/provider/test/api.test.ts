import { createLogger, DaemonError, Lifecycle } from '@hamster/daemon';
import { LiveEvents, LogTail, runningDaemon, type RunningDaemon } from '@hamster/daemon-api';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiModules } from '../src/api/modules.ts';
import { serveApi } from '../src/api/serve-api.ts';
import type { Config } from '../src/config.ts';
import { MarketViews } from '../src/market/market-view.ts';
import type { Operator } from '../src/operator/operator.ts';
import type { SettingsChange } from '../src/operator/settings-change.ts';
import type { PayOut, Purse } from '../src/purse/purse.ts';
import { Pulse } from '../src/pulse.ts';
import { SelfTests } from '../src/self-tests.ts';
import { FakeDriver, SPEC } from './fakes.ts';
import { HAM, market, NOW, resource, runningLease } from './market-fixture.ts';

const API = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  exposed: false,
  names: [],
  origins: [],
  openMetrics: false,
};

describe("the provider's API", () => {
  const logs = new LogTail();
  const log = createLogger({
    name: 't',
    level: 'info',
    json: true,
    output: { write: () => true },
    onLine: logs.push,
  });
  let lifecycle: Lifecycle;
  let home: string;
  let daemon: RunningDaemon;
  let events: LiveEvents;
  let driver: FakeDriver;
  let pulse: Pulse;
  let changes: SettingsChange[];
  let paid: PayOut[];
  let payoutTo: string | undefined;
  let chainState: 'connected' | 'reconnecting';
  let reads: number;
  let view = market();

  const get = (path: string) => daemon.ask('GET', path);

  beforeEach(async () => {
    lifecycle = new Lifecycle({ log });
    home = await mkdtemp(join(tmpdir(), 'hamster-provider-api-'));
    events = new LiveEvents();
    driver = new FakeDriver();
    changes = [];
    paid = [];
    payoutTo = undefined;
    chainState = 'connected';
    reads = 0;
    view = market();
    pulse = new Pulse(
      () => NOW,
      (event, data) => events.publish(event, data),
    );
    const selfTests = new SelfTests({
      driver,
      now: () => NOW,
      onResult: ({ at }) => events.publish('self-test', { at }),
    });
    const change = (what: SettingsChange) => {
      changes.push(what);
      return what.availableUntil === 1
        ? Promise.reject(new DaemonError('AvailabilityInPast', 'It must be in the future.'))
        : Promise.resolve(['It is so.']);
    };
    const client = { chain: { name: 'Dev', url: 'ws://node' }, state: () => chainState };
    const read = () => {
      reads += 1;
      return chainState === 'connected' ? Promise.resolve(view) : Promise.reject(new Error('away'));
    };
    const modules: ApiModules = {
      ...{ version: '1.2.3', address: 'bob', peerId: '12D3KooWpeer', driver, selfTests, pulse, logs },
      client: client as unknown as ApiModules['client'],
      market: new MarketViews(read, () => 0),
      operator: { change } as unknown as Operator,
      purse: {
        leave: () => Promise.resolve({ left: false, effects: ['1 lease still runs.'] }),
        payOut: (form: PayOut) => {
          paid.push(form);
          return Promise.resolve(['Sent.']);
        },
      } as unknown as Purse,
      payout: {
        get to() {
          return payoutTo;
        },
        keep: '1.5',
      } as ApiModules['payout'],
      doctor: () => Promise.resolve([{ name: 'clock', verdict: 'stops', detail: 'It is wrong.' }]),
      now: () => NOW + 3_000,
    };
    await serveApi({ config: { home, api: API } as unknown as Config, log, lifecycle, events, modules });
    const found = await runningDaemon(home);
    if (found === undefined) throw new TypeError('no API');
    daemon = found;
  });
  afterEach(async () => {
    await lifecycle.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('pays out to the address of its settings and to no other', async () => {
    const payOut = (body: object) => daemon.ask('POST', '/income/payout', { body });
    await expect(payOut({})).rejects.toMatchObject({ status: 409, code: 'NO_PAYOUT_ADDRESS' });
    payoutTo = '5Mine';
    await expect(payOut({ to: '5Thief' })).rejects.toMatchObject({ status: 400 });
    await expect(payOut({ amount: '-1' })).rejects.toMatchObject({ status: 400 });
    expect(await payOut({ amount: '2.5' })).toEqual({ effects: ['Sent.'] });
    expect(paid).toEqual([{ to: '5Mine', amount: (5n * HAM) / 2n, keep: (3n * HAM) / 2n }]);
  });

  it('says what keeps the machine in the market', async () => {
    expect(await daemon.ask('POST', '/leave')).toEqual({ left: false, effects: ['1 lease still runs.'] });
  });

  it('tells how daemon and offer stand, also while the chain is away', async () => {
    view = market({ resource: resource({ status: 'Draining' }) });
    expect(await get('/status')).toMatchObject({
      version: '1.2.3',
      account: 'bob',
      driver: 'process',
      market: { known: true, resource: 9, status: 'Draining', closedBecause: 'is draining' },
      pulse: { heartbeat: { sent: 0 } },
    });
    chainState = 'reconnecting';
    expect(await get('/status')).toMatchObject({
      chain: { state: 'reconnecting' },
      market: { known: false },
    });
  });

  it('tells what there is and who has it', async () => {
    await driver.create({ leaseId: '7', spec: SPEC, image: 'tiny', sshPublicKeys: ['ssh-ed25519 AAAAkey'] });
    view = market({
      resource: resource({
        capacity: { cpuCores: 1, memoryMib: 500, diskGib: 2, gpus: 0 },
        allocated: { cpuCores: 1, memoryMib: 100, diskGib: 1, gpus: 0 },
      }),
    });
    expect(await get('/resources')).toMatchObject({
      host: SPEC,
      reserve: { cpuCores: 0, memoryMib: 12, diskGib: 0 },
      offered: { cpuCores: 1, memoryMib: 500, diskGib: 2 },
      free: { cpuCores: 0, memoryMib: 400, diskGib: 1 },
    });
    expect(await get('/machines')).toEqual({
      machines: [{ lease: '7', image: 'tiny', size: SPEC, running: true, wanted: 'running' }],
    });
  });

  it('tells income exactly, settled and pending', async () => {
    view = market({
      leases: [runningLease(), runningLease({ id: 6, status: 'Finished', paid: 10n * HAM, escrow: 0n })],
    });
    expect(await get('/income')).toMatchObject({
      settled: '12',
      settledAfterFee: '11.4',
      pending: '1',
      withdrawable: '29',
      stake: { active: '200', locked: '5', unbonding: '0' },
      leases: [
        { lease: 7, settled: '2', settledAfterFee: '1.9', pending: '1' },
        { lease: 6, settled: '10', pending: '0' },
      ],
    });
    const { leases, orders } = (await get('/leases')) as { leases: object[]; orders: object[] };
    expect(leases).toHaveLength(2);
    expect(orders).toMatchObject([{ id: 8, renter: 'alice', pricePerHour: '1' }]);
  });

  it('takes changes in HAM, of what may be changed and nothing else', async () => {
    expect(
      await daemon.ask('PATCH', '/settings', { body: { prices: { core: '0.02' }, draining: true } }),
    ).toEqual({
      effects: ['It is so.'],
    });
    expect(changes).toEqual([{ prices: { cpuCoreHour: HAM / 50n }, draining: true }]);
    const refused = (body: object) => expect(daemon.ask('PATCH', '/settings', { body })).rejects;
    await refused({ account: 'mallory' }).toMatchObject({ code: 'INVALID_REQUEST' });
    await refused({ prices: { core: '-1' } }).toMatchObject({ code: 'INVALID_REQUEST' });
    await refused({ prices: { core: 0.1 } }).toMatchObject({ code: 'INVALID_REQUEST' });
    await refused({ availableUntil: 1e20 }).toMatchObject({ code: 'INVALID_REQUEST' });
    await refused({ availableUntil: 1 }).toMatchObject({ status: 409, message: 'It must be in the future.' });
    expect(changes).toHaveLength(2);
  });

  it('shows a change at once, and asks the chain once for many', async () => {
    await Promise.all([get('/settings'), get('/income'), get('/leases')]);
    expect(reads).toBe(1);
    await daemon.ask('PATCH', '/settings', { body: { draining: true } });
    view = market({ resource: resource({ status: 'Draining' }) });
    expect(await get('/settings')).toMatchObject({
      draining: true,
      prices: { core: '0.01', memory: '0.005', disk: '0' },
    });
    expect(reads).toBe(2);
  });

  it('runs one self-test at a time and tells when it ends', async () => {
    const ending = Promise.withResolvers<{ passed: boolean; checks: [] }>();
    driver.selfTest = () => ending.promise;
    const live = await fetch(`${daemon.url}/events`, { headers: await bearer() });
    const reader = live.body?.getReader();
    expect(await daemon.ask('POST', '/self-test')).toEqual({ running: true });
    await expect(daemon.ask('POST', '/self-test')).rejects.toMatchObject({ code: 'SELF_TEST_RUNNING' });
    ending.resolve({ passed: true, checks: [] });
    let told = '';
    while (!told.includes('event: self-test'))
      told += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await get('/self-test')).toEqual({ running: false, last: { at: NOW, passed: true, checks: [] } });
  });

  it('gives the tail of the log and what the doctor found', async () => {
    log.warn({ passphrase: 'hunter2', lease: '7' }, 'something');
    const text = JSON.stringify(await get('/logs?lines=1'));
    expect(text).toContain('"message":"something"');
    expect(text).not.toContain('hunter2');
    await expect(get('/logs?lines=5000')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await get('/doctor')).toEqual({
      open: false,
      checks: [{ name: 'clock', verdict: 'stops', detail: 'It is wrong.' }],
    });
  });

  it('measures work, heartbeats, rent, what is free, and how old the chain is', async () => {
    pulse.beaten(1);
    pulse.beatFailed('chain gone');
    pulse.reachableBy(['12D3gw']);
    pulse.jobFailed('7', 'no');
    const metrics = async () => (await fetch(`${daemon.url}/metrics`, { headers: await bearer() })).text();
    const text = await metrics();
    for (const line of [
      'hamster_provider_heartbeats_total{outcome="sent"} 1',
      'hamster_provider_heartbeats_total{outcome="failed"} 1',
      'hamster_provider_gateways 1',
      'hamster_provider_reconcile_errors_total{kind="job"} 1',
      'hamster_provider_chain_up 1',
      'hamster_provider_chain_lag_seconds 3',
      'hamster_provider_rent_ham{state="pending"} 1',
      'hamster_provider_resources{resource="cores",state="free"} 3',
    ])
      expect(text).toContain(`${line}\n`);
    chainState = 'reconnecting';
    expect(await metrics()).toContain('hamster_provider_chain_up 0\n');
  });

  it('is described whole, each route with what it takes and gives', async () => {
    const { paths } = (await get('/openapi.json')) as { paths: Record<string, object> };
    expect(Object.keys(paths).sort()).toEqual(
      [
        'doctor',
        'events',
        'health',
        'income',
        'income/payout',
        'leases',
        'leave',
        'logs',
        'machines',
        'metrics',
        'openapi.json',
        'resources',
        'self-test',
        'settings',
        'stake/unstake',
        'stake/withdraw',
        'status',
      ].map((name) => `/${name}`),
    );
    for (const operation of Object.values(paths).flatMap((path) => Object.values(path) as object[]))
      expect(operation).toMatchObject({
        summary: expect.any(String),
        responses: { '4XX': expect.any(Object) },
      });
  });

  async function bearer(): Promise<{ authorization: string }> {
    return { authorization: `Bearer ${(await readFile(join(home, 'api.token'), 'utf8')).trim()}` };
  }
});
