import { createHost, createIdentity, dialProvider } from '@hamster/p2p';
import { describe, expect, onTestFinished, test } from 'vitest';
import { circuit, HAM, serve } from './served-gateway.ts';
import { until } from './support.ts';

describe('the API of a gateway', () => {
  test('shows status, reservations and the bytes of peers', async () => {
    const { host, get } = await serve();
    const { provider, client } = await circuit(host);
    expect(await get('/status')).toMatchObject({
      peerId: host.peerId,
      entry: { status: 'Online', stake: '200', lastHeartbeat: 77 },
      reservations: 1,
      circuits: 1,
      connections: 2,
    });
    const [reservation] = (await get('/reservations')) as {
      peer: string;
      bytes: { in: number; out: number };
    }[];
    expect(reservation).toMatchObject({ peer: provider, address: '127.0.0.1', circuits: 1 });
    const peers = (await get('/peers')) as { peer: string; asSource: object; asHolder: object }[];
    const ofClient = peers.find(({ peer }) => peer === client);
    expect(ofClient?.asSource).toEqual({ in: expect.any(Number), out: expect.any(Number) });
    expect(reservation?.bytes.in).toBeGreaterThan(0);
    expect((await get('/peers?limit=1')) as unknown[]).toHaveLength(1);
  });

  test('changes limits while the relay runs, and refuses nonsense', async () => {
    const { host, get, ask } = await serve();
    expect(await get('/limits')).toMatchObject({ bytesPerSecond: null, circuitsPerSource: 128 });
    const change = {
      limits: { bytesPerSecond: 1_000_000, circuitBytes: null },
      claim: { auto: false, atLeast: '2.5' },
    };
    const answer = await ask('/settings', { method: 'PATCH', body: JSON.stringify(change) });
    expect(await answer.json()).toMatchObject({
      limits: { bytesPerSecond: 1_000_000, circuitBytes: null },
      claim: { auto: false, minutes: 30, atLeast: '2.5' },
    });
    expect(host.relay.limits()).toMatchObject({ bytesPerSecond: 1_000_000, circuitBytes: Infinity });
    for (const body of [
      '{"limits":{"circuits":0}}',
      '{"limits":{"connections":3}}',
      '{"claim":{"atLeast":"much"}}',
    ])
      expect((await ask('/settings', { method: 'PATCH', body })).status).toBe(400);
  });

  test('shows rewards, claims them, and tells listeners', async () => {
    const { chain, get, ask } = await serve();
    chain.claimable = 12n * HAM + HAM / 2n;
    expect(await get('/rewards')).toEqual({ claimable: '12.5', claimed: '0', claims: 0 });
    const stream = (await ask('/events')).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await stream?.read())?.value).toContain('event: ready');
    expect(await (await ask('/rewards/claim', { method: 'POST' })).json()).toEqual({ amount: '12.5' });
    expect((await stream?.read())?.value).toContain('event: rewards');
    expect(await get('/rewards')).toEqual({ claimable: '0', claimed: '12.5', claims: 1, lastClaimAt: 5000 });
    await stream?.cancel();
  });

  test('gives metrics: circuits, bytes, refusals by reason, heartbeats, rewards', async () => {
    const { host, chain, live, ask } = await serve();
    await circuit(host);
    live.step('heartbeat');
    chain.claimable = 3n * HAM;
    const stranger = await createHost({ identity: await createIdentity() });
    onTestFinished(() => stranger.stop());
    const gateways = [{ peerId: host.peerId, multiaddrs: host.addresses() }];
    await expect(
      dialProvider(stranger, { peerId: (await createIdentity()).peerId }, { gateways }),
    ).rejects.toThrow();
    const text = await (await ask('/metrics')).text();
    for (const line of [
      /^hamster_gateway_reservations 1$/m,
      /^hamster_gateway_circuits 1$/m,
      /^hamster_gateway_lanes 0$/m,
      /^hamster_gateway_relayed_bytes_total [1-9]\d*$/m,
      /^hamster_gateway_refused_total\{reason="no-reservation"\} 1$/m,
      /^hamster_gateway_refused_total\{reason="too-many-connections"\} 0$/m,
      /^hamster_gateway_cut_circuits_total\{reason="memory"\} 0$/m,
      /^hamster_gateway_heartbeats_total 1$/m,
      /^hamster_gateway_last_heartbeat_timestamp_seconds 5$/m,
      /^hamster_gateway_rewards_claimable_ham 3$/m,
    ])
      expect(text).toMatch(line);
    chain.away = true;
    expect(await (await ask('/metrics')).text()).not.toMatch(/^hamster_gateway_rewards_claimable_ham/m);
  });

  test('describes itself, and tells nobody without the token anything', async () => {
    const { api, get, token, logged } = await serve();
    const { paths } = (await get('/openapi.json')) as { paths: object };
    const all = [
      '/status',
      '/reservations',
      '/peers',
      '/limits',
      '/rewards',
      '/rewards/claim',
      '/settings',
      '/events',
      '/metrics',
    ];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(all));
    for (const path of all.filter((one) => one !== '/rewards/claim'))
      expect((await fetch(api.url + path, { signal: AbortSignal.timeout(10_000) })).status).toBe(401);
    expect(
      (await fetch(`${api.url}/rewards/claim`, { method: 'POST', signal: AbortSignal.timeout(10_000) }))
        .status,
    ).toBe(401);
    await until(() => logged.length > 0);
    expect(logged.join('')).not.toContain(token);
  });
});
