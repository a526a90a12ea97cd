import {
  ApiContract,
  expectHostileBodiesRefused,
  expectStrangersRefused,
  readExposition,
} from '@hamster/daemon-api/testing';
import { describe, expect, it } from 'vitest';
import { circuit, HAM, serve } from './served-gateway.ts';

describe('the API of a gateway, held against its own document', () => {
  it('gives each documented answer in the documented shape', async () => {
    const { api, chain, host } = await serve();
    const contract = await ApiContract.open(api);
    await contract.expectSound();
    await circuit(host);
    chain.claimable = 12n * HAM + HAM / 2n;
    for (const name of ['health', 'openapi.json', 'metrics', 'events', 'status', 'reservations', 'peers'])
      await contract.ask(`GET /${name}`, 200);
    await contract.ask('GET /peers', 200, { query: '?limit=1' });
    await contract.ask('PATCH /settings', 200, {
      body: { limits: { bytesPerSecond: 1_000_000, circuitBytes: null }, claim: { atLeast: '2.5' } },
    });
    for (const name of ['limits', 'settings', 'rewards']) await contract.ask(`GET /${name}`, 200);
    await contract.ask('POST /rewards/claim', 200);
    await contract.ask('GET /rewards', 200);
    expect(contract.untried()).toEqual([]);
  });

  it('gives what it refuses in the documented shape, also while the chain is away', async () => {
    const { api, chain } = await serve();
    const contract = await ApiContract.open(api);
    for (const query of ['?limit=0', '?limit=1001', '?limit=x', '?limit=1e20', '?limit=1&limit=2'])
      await contract.ask('GET /peers', 400, { query });
    const silence = () => Promise.reject(new DOMException('timeout', 'TimeoutError'));
    Object.assign(chain, { rewards: silence, claim: silence, registered: silence });
    const away = { code: 'TIMED_OUT', message: expect.stringContaining('did not answer in time') as string };
    expect(await contract.ask('GET /rewards', 503)).toEqual(away);
    expect(await contract.ask('POST /rewards/claim', 503)).toEqual(away);
    expect(await contract.ask('GET /status', 200)).toMatchObject({ entry: null });
    await contract.ask('GET /metrics', 200);
  });

  it('refuses strangers at every door', async () => {
    const { api, chain, host } = await serve();
    const before = { ...host.relay.limits() };
    await expectStrangersRefused(await ApiContract.open(api));
    expect([chain.sent, host.relay.limits()]).toEqual([[], before]);
  });

  it('refuses bodies that cannot be meant, and changes nothing', async () => {
    const { api, chain, claiming, host } = await serve();
    await expectHostileBodiesRefused(await ApiContract.open(api), {
      state: () => [chain.sent, { ...host.relay.limits() }, claiming.settings()],
    });
  });

  it('tells Prometheus what it can read, and nothing of its peers', async () => {
    const { api, chain, host, token } = await serve();
    const contract = await ApiContract.open(api);
    const { provider, client } = await circuit(host);
    const read = async () => readExposition(String(await contract.ask('GET /metrics', 200)));
    await read();
    const families = await read();
    expect(families.get('hamster_gateway_circuits')?.samples).toMatchObject([{ value: 1 }]);
    const ours = [...families].filter(([name]) => name.startsWith('hamster_'));
    expect(ours.length).toBeGreaterThan(10);
    for (const [name, { samples }] of ours)
      for (const { labels } of samples) {
        expect(Object.keys(labels).join(), name).toMatch(/^(method,route,status|reason|)$/);
        for (const secret of [token, provider, client]) expect(Object.values(labels)).not.toContain(secret);
      }
    chain.away = true;
    expect((await read()).get('hamster_gateway_rewards_claimable_ham')?.samples).toEqual([]);
  });
});
