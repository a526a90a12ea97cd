import { ConfigError, resolveConfig } from '@hamster/daemon';
import { describe, expect, it } from 'vitest';
import { nodeConfig } from '../src/config.ts';
import { settingsOf, type Settings } from '../src/settings.ts';

const settings = (flags: Record<string, unknown>): Settings =>
  settingsOf(resolveConfig(nodeConfig, { flags }));

const problems = (flags: Record<string, unknown>): readonly string[] => {
  try {
    settings(flags);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('settings of the node', () => {
  it.each(['chain', 'basePath', 'nodeKeyFile'])(
    'has no empty %s: it is not the folder one happens to be in',
    (name) => {
      expect(problems({ chain: 'dev', [name]: '' })).toEqual([
        expect.stringContaining('must be text of at least 1'),
      ]);
    },
  );

  it('listens for peers where it is told to, and on ports side by side', () => {
    const listen = (flags: object) => settings({ chain: 'local', ...flags }).network?.listen;
    expect(listen({})).toEqual(['/ip4/0.0.0.0/tcp/30333', '/ip4/0.0.0.0/tcp/30334/ws']);
    expect(listen({ port: 4000 })).toEqual(['/ip4/0.0.0.0/tcp/4000', '/ip4/0.0.0.0/tcp/4001/ws']);
    expect(listen({ port: 4000, wsPort: 0 })).toEqual(['/ip4/0.0.0.0/tcp/4000', '/ip4/0.0.0.0/tcp/0/ws']);
    expect(listen({ listenAddr: ['/ip6/::1/tcp/1'] })).toEqual(['/ip6/::1/tcp/1']);
    expect(settings({ dev: true, network: false }).network).toBeUndefined();
  });

  it('makes a temporary chain with a block each second and a loopback port of --dev', () => {
    expect(settings({ dev: true })).toEqual({
      chain: 'dev',
      basePath: undefined,
      blockTimeMs: undefined,
      manualSeal: false,
      alice: true,
      home: expect.stringMatching(/\.hamster\/node$/) as string,
      pruning: undefined,
      network: {
        listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
        announce: [],
        bootnodes: [],
        keyFile: undefined,
        maxPeers: 64,
      },
      rpc: {
        host: '127.0.0.1',
        port: 9944,
        allowedOrigins: [],
        allowUnsafe: true,
        maxConnections: 256,
      },
    });
  });

  it('serves metrics where Substrate does, and those of a development chain only where it is told to', () => {
    const metrics = (flags: object) => settings({ chain: 'local', ...flags }).metrics;
    expect(metrics({})).toEqual({ host: '127.0.0.1', port: 9615 });
    expect(metrics({ prometheusExternal: true })).toEqual({ host: '0.0.0.0', port: 9615 });
    expect(metrics({ prometheusPort: 0 })).toEqual({ host: '127.0.0.1', port: 0 });
    expect(metrics({ prometheus: false })).toBeUndefined();
    expect(settings({ dev: true }).metrics).toBeUndefined();
    expect(settings({ dev: true, prometheusPort: 9615 }).metrics?.port).toBe(9615);
    expect(problems({ dev: true, prometheus: false, prometheusPort: 1 })).toEqual([
      expect.stringMatching(/leave out --prometheus-port/),
    ]);
  });

  it('keeps the chain when --dev is given a place, and any other chain in the home directory', () => {
    expect(settings({ dev: true, basePath: '/data' }).basePath).toBe('/data');
    expect(settings({ chain: 'local' }).basePath).toMatch(/\.hamster\/node$/);
  });

  it.each([
    ['1000', 1000],
    ['500ms', 500],
    ['3s', 3000],
    ['1.5s', 1500],
  ])('understands --block-time %s', (blockTime, ms) => {
    expect(settings({ dev: true, blockTime }).blockTimeMs).toBe(ms);
  });

  it('authors with known keys only where it is told to', () => {
    expect(settings({ chain: 'local' }).alice).toBe(false);
    expect(settings({ chain: 'local', alice: true }).alice).toBe(true);
  });

  it('lesson 18: serves nothing to other machines unless told to, and no unsafe methods then either', () => {
    expect(settings({ dev: true }).rpc.host).toBe('127.0.0.1');
    expect(settings({ dev: true, rpcExternal: true }).rpc).toMatchObject({
      host: '0.0.0.0',
      allowUnsafe: false,
    });
    expect(settings({ dev: true, rpcExternal: true, rpcMethods: 'unsafe' }).rpc.allowUnsafe).toBe(true);
    expect(settings({ dev: true, rpcMethods: 'safe' }).rpc.allowUnsafe).toBe(false);
  });

  it('takes origins, or all', () => {
    expect(settings({ dev: true, rpcCors: ['https://app.example'] }).rpc.allowedOrigins).toEqual([
      'https://app.example',
    ]);
    expect(settings({ dev: true, rpcCors: ['https://app.example', 'all'] }).rpc.allowedOrigins).toBe('all');
  });

  it('keeps the state of so many blocks, or all of it as an archive', () => {
    expect(settings({ dev: true, pruning: '64' }).pruning).toBe(64);
    expect(settings({ dev: true, pruning: 'archive' }).pruning).toBe('archive');
  });

  it.each([
    [{}, 'Say which chain to run'],
    [{ dev: true, chain: 'local' }, '--dev runs the development chain'],
    [{ chain: './spec.json', blockTime: '1s' }, 'a chain spec says it itself'],
    [{ dev: true, blockTime: 'soon' }, '--block-time is "soon"'],
    [{ dev: true, blockTime: '5ms' }, '--block-time is "5ms"'],
    [{ dev: true, pruning: 'never' }, '--pruning is "never"'],
    [{ dev: true, pruning: '3' }, '--pruning is "3"'],
    [{ dev: true, rpcPort: '70000' }, '--rpc-port is 70000'],
    [{ dev: true, rpcPort: 'abc' }, '--rpc-port is "abc"'],
    [{ dev: true, rpcCors: ['app.example'] }, '--rpc-cors is "app.example"'],
    [{ dev: true, rpcCors: ['https://app.example/x'] }, '--rpc-cors is "https://app.example/x"'],
    [{ dev: true, rpcMethods: 'some' }, '--rpc-methods is "some"'],
  ])('says what is wrong with %j', (flags, sentence) => {
    expect(problems(flags).join('\n')).toContain(sentence);
  });

  it('names all that is wrong at once', () => {
    expect(problems({ dev: true, blockTime: 'x', pruning: 'y', rpcCors: ['z'] })).toHaveLength(3);
  });
});
