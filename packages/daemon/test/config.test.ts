import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Command } from 'commander';
import { describeConfig, defineConfig, resolveConfig, Type } from '../src/index.ts';
import { addConfigOptions } from '../src/config/options.ts';
import { readConfigFile } from '../src/config/resolve-config.ts';

const definition = defineConfig(
  'gateway',
  Type.Object({
    chain: Type.String({ description: 'Chain to follow', minLength: 3 }),
    listen: Type.Array(Type.String(), {
      default: ['/ip4/127.0.0.1/tcp/0'],
      description: 'Addresses',
      maxItems: 2,
    }),
    relay: Type.Object({
      maxPeers: Type.Integer({ default: 10, minimum: 1, description: 'Most peers' }),
      open: Type.Boolean({ default: true, description: 'Let anyone in', off: 'Let friends in' }),
    }),
    apiToken: Type.Optional(Type.String({ secret: true, minLength: 16, description: 'Token of the API' })),
  }),
);

describe('help', () => {
  it('says of a flag that turns something off what it does, not what it ends', () => {
    const command = new Command();
    addConfigOptions(command, definition);
    const help = command.helpInformation();
    expect(help).toMatch(/--no-relay-open +Let friends in/);
    expect(help).not.toContain('Let anyone in');
  });
});

describe('settings', () => {
  it('come from flag, own variable, common variable, file and default, in this order', () => {
    const file = { path: 'c.json', content: { chain: 'ws://file', relay: { maxPeers: 3, open: false } } };
    const env = {
      HAMSTER_CHAIN: 'ws://common',
      HAMSTER_GATEWAY_RELAY_MAX_PEERS: '4',
      HAMSTER_RELAY_MAX_PEERS: '5',
    };
    expect(resolveConfig(definition, { file })).toMatchObject({
      chain: 'ws://file',
      relay: { maxPeers: 3, open: false },
    });
    expect(resolveConfig(definition, { file, env })).toMatchObject({
      chain: 'ws://common',
      relay: { maxPeers: 4 },
    });
    const flags = { chain: 'ws://flag', relayMaxPeers: '6' };
    expect(resolveConfig(definition, { file, env, flags })).toMatchObject({
      chain: 'ws://flag',
      relay: { maxPeers: 6 },
    });
    expect(resolveConfig(definition, { flags }).listen).toEqual(['/ip4/127.0.0.1/tcp/0']);
  });

  it('do not come from a common variable that means something else to the other programs', () => {
    const chain = Type.Optional(Type.String({ ownVariable: true }));
    const node = defineConfig('node', Type.Object({ chain }));
    expect(resolveConfig(node, { env: { HAMSTER_CHAIN: 'ws://x' } }).chain).toBeUndefined();
    expect(resolveConfig(node, { env: { HAMSTER_NODE_CHAIN: 'dev' } }).chain).toBe('dev');
  });

  it('have a home below the person’s own, made absolute', () => {
    const flags = { chain: 'ws://x' };
    expect(resolveConfig(definition, { flags }).home).toBe(join(homedir(), '.hamster/gateway'));
    expect(resolveConfig(definition, { flags: { ...flags, home: 'here' } }).home).toBe(
      join(process.cwd(), 'here'),
    );
  });

  it('take lists and switches from variables', () => {
    const env = { HAMSTER_CHAIN: 'ws://x', HAMSTER_LISTEN: '/a, /b', HAMSTER_RELAY_OPEN: 'no' };
    expect(resolveConfig(definition, { env })).toMatchObject({
      listen: ['/a', '/b'],
      relay: { open: false },
    });
  });

  it('are refused with a sentence for every wrong one', () => {
    const env = {
      HAMSTER_RELAY_MAX_PEERS: 'many',
      HAMSTER_LISTEN: 'a,b,c',
      HAMSTER_GATEWAY_API_TOKEN: 'short',
    };
    const file = { path: 'c.json', content: { relays: {}, relay: { open: 'perhaps' } } };
    expect(() => resolveConfig(definition, { env, file })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        exitCode: 2,
        problems: [
          'The config file c.json has "relays", which no setting is called. Remove it.',
          '--chain is not set: give it as --chain, or HAMSTER_GATEWAY_CHAIN, or "chain" in the config file. It is chain to follow.',
          '--listen is ["a","b","c"] (environment variable HAMSTER_LISTEN), but must be a list of at most 2 entries, each text.',
          '--relay-max-peers is "many" (environment variable HAMSTER_RELAY_MAX_PEERS), but must be a whole number of at least 1.',
          '--relay-open is "perhaps" ("relay.open" in c.json), but must be true or false.',
          'HAMSTER_GATEWAY_API_TOKEN is (hidden) (environment variable HAMSTER_GATEWAY_API_TOKEN), but must be text of at least 16 characters.',
        ],
      }),
    );
  });

  it('describe themselves for the reference', () => {
    const table = describeConfig(definition);
    expect(table).toContain(
      '| `--relay-max-peers` | `HAMSTER_GATEWAY_RELAY_MAX_PEERS` | `relay.maxPeers` | a whole number of at least 1 | 10 | Most peers |',
    );
    expect(table).toContain('| – | `HAMSTER_GATEWAY_API_TOKEN` |');
  });
});

describe('the config file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-config-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is named when it is missing or no JSON', async () => {
    const path = join(directory, 'broken.json');
    await writeFile(path, '{');
    await expect(readConfigFile(path)).rejects.toThrow(`Cannot read the config file ${path}: `);
    await expect(readConfigFile(join(directory, 'none.json'))).rejects.toMatchObject({ exitCode: 2 });
  });
});
