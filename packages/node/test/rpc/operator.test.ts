import { afterEach, describe, expect, it } from 'vitest';
import { NetworkError } from '../../src/network/errors.ts';
import type { LogLevel } from '../../src/rpc/context.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const LOG_METHODS = ['system_addLogFilter', 'system_resetLogFilter'];
const PEER_METHODS = ['system_addReservedPeer', 'system_removeReservedPeer', 'system_reservedPeers'];

describe('what an operator changes while the node runs', () => {
  let server: TestServer;
  afterEach(() => server.stop());

  /** A node that writes down what it was told. */
  async function operate() {
    const levels: LogLevel[] = [];
    const reserved = new Set<string>();
    const network = {
      peers: () => [],
      isSyncing: () => false,
      shouldHavePeers: false,
      highestBlock: () => 0,
      reserved: {
        list: () => [...reserved],
        add(address: string) {
          if (!address.includes('/p2p/')) throw new NetworkError('NETWORK_ADDRESS', 'There is no peer in it');
          reserved.add(address.split('/p2p/')[1] ?? '');
        },
        remove: (peer: string) => void reserved.delete(peer),
      },
    };
    const logFilter = {
      set: (level: LogLevel) => void levels.push(level),
      reset: () => void levels.push('info'),
    };
    server = await serve(new FakeBackend(), { allowUnsafe: true }, { network, logFilter });
    return { client: await server.connect(), levels };
  }

  it('reserves peers and lets them go', async () => {
    const { client } = await operate();
    expect(await client.call('system_addReservedPeer', ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWx'])).toBe(null);
    expect(await client.call('system_reservedPeers')).toEqual(['12D3KooWx']);
    expect(await client.call('system_removeReservedPeer', ['12D3KooWx'])).toBe(null);
    expect(await client.call('system_reservedPeers')).toEqual([]);
    expect(await client.fails('system_addReservedPeer', ['/ip4/127.0.0.1/tcp/1'])).toEqual({
      code: 2002,
      message: 'There is no peer in it',
    });
  });

  it.each([
    ['debug', 'debug'],
    ['TRACE', 'trace'],
    ['info, warn', 'warn'],
    ['off', 'off'],
  ])('logs as much as %s says', async (directives, level) => {
    const { client, levels } = await operate();
    expect(await client.call('system_addLogFilter', [directives])).toBe(null);
    expect(await client.call('system_resetLogFilter')).toBe(null);
    expect(levels).toEqual([level, 'info']);
  });

  it.each(['sync=debug', '', 'loud', 7])(
    'refuses a filter such as %j, which it could only pretend',
    async (directives) => {
      const { client, levels } = await operate();
      expect(await client.fails('system_addLogFilter', [directives])).toMatchObject({ code: -32602 });
      expect(levels).toEqual([]);
    },
  );

  it('lists neither where there is no network and no log to change', async () => {
    server = await serve(new FakeBackend(), { allowUnsafe: true });
    const client = await server.connect();
    const { methods } = await client.call<{ methods: string[] }>('rpc_methods');
    for (const name of [...LOG_METHODS, ...PEER_METHODS]) {
      expect(methods).not.toContain(name);
      expect(await client.fails(name, ['x'])).toMatchObject({ code: -32601 });
    }
  });
});
