import { describe, expect, test } from 'vitest';
import type { RegisteredGateway } from '../src/chain/gateway-chain.ts';
import { entryAddresses } from '../src/registration/entry-addresses.ts';
import { planStep } from '../src/registration/plan-step.ts';
import { leave, stayRegistered } from '../src/registration/stay-registered.ts';
import { entry, FakeChain, silent, until } from './support.ts';

const wanted = { ...entry, stake: 200n };
const online: RegisteredGateway = {
  ...entry,
  stake: 200n,
  status: 'Online',
  lastHeartbeat: 0,
  droppedAt: undefined,
};

describe('the step that is due', () => {
  test.each([
    ['register', undefined],
    ['heartbeat', online],
    ['goOnline', { ...online, status: 'Offline' }],
    ['reset', { ...online, status: 'Dropped' }],
    ['updateEndpoint', { ...online, peerId: 'another' }],
    ['updateEndpoint', { ...online, multiaddrs: ['/ip4/127.0.0.1/tcp/1'] }],
  ] as const)('is %s', (step, now) => {
    expect(planStep(wanted, now)).toBe(step);
  });
});

describe('a gateway', () => {
  async function staying(chain: FakeChain, stake?: bigint): Promise<{ stop(): Promise<void> }> {
    const ending = new AbortController();
    const done = stayRegistered({ chain, log: silent, entry: { ...entry, stake } }, ending.signal);
    return {
      stop: async () => {
        ending.abort();
        await done;
      },
    };
  }

  test('registers with twice the minimum stake and then beats', async () => {
    const chain = new FakeChain();
    const gateway = await staying(chain);
    await until(() => chain.sent.length >= 3);
    await gateway.stop();
    expect(chain.now?.stake).toBe(200n);
    expect(chain.sent.slice(0, 3)).toEqual(['register', 'heartbeat', 'heartbeat']);
  });

  test('holds the stake that its operator wants', async () => {
    const chain = new FakeChain();
    const gateway = await staying(chain, 777n);
    await until(() => chain.now !== undefined);
    await gateway.stop();
    expect(chain.now?.stake).toBe(777n);
  });

  test('goes on with the registration that it finds after a restart', async () => {
    const chain = new FakeChain();
    chain.now = online;
    const gateway = await staying(chain);
    await until(() => chain.sent.length >= 2);
    await gateway.stop();
    expect(new Set(chain.sent)).toEqual(new Set(['heartbeat']));
  });

  test('outlives a chain that is away, and beats on when it is back', async () => {
    const chain = new FakeChain();
    const gateway = await staying(chain);
    await until(() => chain.sent.length >= 2);
    chain.away = true;
    await until(() => chain.missed >= 2);
    const before = chain.sent.length;
    chain.away = false;
    await until(() => chain.sent.length > before);
    await gateway.stop();
  });

  test('comes back after it was dropped', async () => {
    const chain = new FakeChain();
    const gateway = await staying(chain);
    await until(() => chain.now !== undefined);
    chain.now = { ...online, status: 'Dropped' };
    await until(() => chain.sent.includes('reset'));
    await gateway.stop();
  });

  test('leaves when it is stopped, unless it has left already', async () => {
    const chain = new FakeChain();
    chain.now = online;
    const modules = { chain, log: silent, entry: { ...entry, stake: undefined } };
    await leave(modules);
    await leave(modules);
    expect(chain.sent).toEqual(['goOffline']);
  });
});

describe('the addresses on chain', () => {
  const listening = [
    '/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWpeer',
    '/ip4/127.0.0.1/tcp/4002/ws/p2p/12D3KooWpeer',
  ];

  test('are those announced', () => {
    const announce = ['/dns4/relay.example/tcp/443/tls/ws'];
    expect(entryAddresses({ announce, listening, chainType: 'Live' })).toEqual(announce);
  });

  test('are those listened on, on a development chain', () => {
    expect(entryAddresses({ announce: [], listening, chainType: 'Development' })).toEqual([
      '/ip4/127.0.0.1/tcp/4001',
      '/ip4/127.0.0.1/tcp/4002/ws',
    ]);
  });

  test('have to be given elsewhere', () => {
    expect(() => entryAddresses({ announce: [], listening, chainType: 'Live' })).toThrow(
      expect.objectContaining({ code: 'ANNOUNCE_MISSING', exitCode: 2 }),
    );
  });
});
