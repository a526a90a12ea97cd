import { describe, expect, test } from 'vitest';
import { checkConfig } from '../src/check-config.ts';

const good = {
  chain: 'ws://127.0.0.1:9944',
  listen: ['/ip4/0.0.0.0/tcp/4001'],
  announce: [] as string[],
  tls: {},
};

describe('settings', () => {
  test('that are right pass', () => {
    checkConfig(good);
    checkConfig({ ...good, listen: ['/ip4/0.0.0.0/tcp/4002/ws', '/ip6/::/tcp/0'] });
    checkConfig({ ...good, announce: ['/dns4/relay.example/tcp/443/tls/ws', '/ip4/203.0.113.7/tcp/4001'] });
  });

  test.each([
    ['--chain', { chain: 'http://127.0.0.1:9944' }],
    ['--listen', { listen: ['0.0.0.0:4001'] }],
    ['--listen', { listen: ['/ip4/0.0.0.0/udp/4001/quic-v1'] }],
    ['--announce', { announce: ['relay.example'] }],
    ['--tls-cert and --tls-key', { listen: ['/ip4/0.0.0.0/tcp/443/tls/ws'] }],
    ['--tls-key', { tls: { key: '/etc/key.pem' } }],
  ])('that are wrong are named: %s', (flag, change) => {
    expect(() => checkConfig({ ...good, ...change })).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(flag) }),
    );
  });
});
