import { MachineError } from '@hamster/machines';
import {
  ApiContract,
  expectHostileBodiesRefused,
  expectStrangersRefused,
  readExposition,
} from '@hamster/daemon-api/testing';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SPEC } from './fakes.ts';
import { HAM, HOUR, market, NOW, runningLease } from './market-fixture.ts';
import { serveProvider } from './served-provider.ts';

describe("the provider's API, held against its own document", () => {
  it('gives each documented answer in the documented shape', async () => {
    const { api, chain, driver, log, pulse } = await serveProvider();
    const contract = await ApiContract.open(api);
    await contract.expectSound();
    pulse.beaten(1);
    pulse.jobFailed('7', 'no');
    log.warn({ lease: '7' }, 'something');
    await driver.create({ leaseId: '7', spec: SPEC, image: 'tiny', sshPublicKeys: ['ssh-ed25519 AAAAkey'] });
    chain.view = market({
      stake: { active: 200n * HAM, locked: 5n * HAM, unbonding: [{ amount: HAM, unlockAt: NOW - 1 }] },
      leases: [
        runningLease(),
        runningLease({ id: 6, status: 'Finished', closed: { at: NOW, reason: 'Completed' } }),
      ],
    });
    const gets = [
      'health',
      'openapi.json',
      'metrics',
      'events',
      'status',
      'resources',
      'machines',
      'self-test',
    ];
    for (const name of [...gets, 'leases', 'income', 'settings', 'logs', 'doctor'])
      await contract.ask(`GET /${name}`, 200);
    await contract.ask('GET /logs', 200, { query: '?lines=1' });
    await contract.ask('POST /self-test', 202);
    await contract.ask('PATCH /settings', 200, {
      body: {
        ...{ prices: { core: '0.02' }, capacity: SPEC, draining: false },
        ...{ availableUntil: NOW + HOUR, maintenance: { from: NOW + 25 * HOUR, to: NOW + 26 * HOUR } },
      },
    });
    await contract.ask('POST /stake/unstake', 200, { body: {} });
    await contract.ask('POST /stake/withdraw', 200);
    await contract.ask('POST /income/payout', 200, { body: { amount: '2.5' } });
    await contract.ask('POST /leave', 200);
    expect(contract.untried()).toEqual([]);
  });

  it('gives what it refuses in the documented shape, and with the sentence of who could not do it', async () => {
    const { api, chain, driver } = await serveProvider();
    const contract = await ApiContract.open(api);
    await contract.ask('GET /logs', 400, { query: '?lines=0' });
    await contract.ask('GET /health', 400, { query: '?challenge=x' });
    await contract.ask('POST /stake/withdraw', 409);
    driver.list = () => Promise.reject(new MachineError('HostUnfit', 'libvirt is not installed'));
    expect(await contract.ask('GET /machines', 503)).toMatchObject({ message: 'libvirt is not installed' });
    chain.failure = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    for (const name of ['resources', 'leases', 'income', 'settings']) await contract.ask(`GET /${name}`, 503);
    expect(await contract.ask('GET /status', 200)).toMatchObject({ market: { known: false } });
    chain.failure = undefined;
    chain.view = market({ resource: undefined });
    await contract.ask('GET /settings', 409);
    expect(await contract.ask('GET /resources', 200)).toMatchObject({ offered: { cpuCores: 0 } });
  });

  it('refuses strangers at every door', async () => {
    const { api, sent } = await serveProvider();
    await expectStrangersRefused(await ApiContract.open(api));
    expect(sent).toEqual([]);
  });

  it('refuses bodies that cannot be meant, and sends nothing', async () => {
    const { api, sent } = await serveProvider();
    await expectHostileBodiesRefused(await ApiContract.open(api), {
      state: () => sent,
      taken: { 'PATCH /settings': {} },
      // All that can be had.
      allowed: { 'POST /stake/unstake': [{}], 'POST /income/payout': [{}] },
    });
  });

  it('tells Prometheus what it can read, and nothing secret', async () => {
    const { api, home, pulse } = await serveProvider();
    const contract = await ApiContract.open(api);
    pulse.reachableBy(['12D3gw']);
    pulse.jobFailed('7', 'no');
    const read = async () => readExposition(String(await contract.ask('GET /metrics', 200)));
    await read();
    const families = await read();
    expect(families.get('hamster_provider_reconcile_errors_total')).toMatchObject({ type: 'counter' });
    const ours = [...families].filter(([name]) => name.startsWith('hamster_'));
    expect(ours.length).toBeGreaterThan(10);
    const token = (await readFile(api.tokenPath, 'utf8')).trim();
    for (const [name, { samples }] of ours)
      for (const { labels } of samples) {
        expect(Object.keys(labels).join(), name).toMatch(
          /^(method,route,status|state|kind|outcome|resource,state|)$/,
        );
        for (const secret of [token, home, 'bob', '12D3'])
          expect(Object.values(labels).join(), name).not.toContain(secret);
      }
  });
});
