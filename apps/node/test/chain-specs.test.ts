import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '@hamster/daemon';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chainSpecOf } from '../src/chain-specs.ts';
import { nodeConfig } from '../src/config.ts';
import { networkSettingsOf, onChain } from '../src/network-settings.ts';

const PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
const PUBLIC = `/dns4/node.example/tcp/30333/p2p/${PEER}`;
const OWN = `/ip4/127.0.0.1/tcp/30333/p2p/${PEER}`;

const specWith = (bootNodes: readonly string[]): Promise<string> => specFile({ bootNodes });

/** The local chain, but for that. */
async function specFile(change: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-spec-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'spec.json');
  await writeFile(path, JSON.stringify({ ...(await chainSpecOf('local')), ...change }));
  return path;
}

describe('the boot nodes of a chain spec', () => {
  it('are dialled before those of the flags', async () => {
    const spec = await chainSpecOf(await specWith([PUBLIC]));
    const config = resolveConfig(nodeConfig, { flags: { chain: 'local', bootnodes: [OWN] } });
    const settings = networkSettingsOf(config);
    expect(settings && onChain(settings, spec).bootnodes).toEqual([PUBLIC, OWN]);
  });

  it.each(['node.example:30333', '/ip4/203.0.113.7/tcp/30333', '/ip4/300.1.1.1/tcp/1/p2p/x', ''])(
    'have to be addresses of peers, unlike "%s"',
    async (wrong) => {
      await expect(chainSpecOf(await specWith([PUBLIC, wrong]))).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(`"${wrong}" is no address of a bootnode`) as string,
      });
    },
  );
});

describe('a chain spec', () => {
  it.each<[string, object, string]>([
    ['with a name that is mistyped', { bootnodes: [] }, 'has "bootnodes", which is no part of a chain spec'],
    [
      'of another type',
      { chainType: 'Test' },
      '/chainType must be one of Development, Local, Live. Mend it, or name another',
    ],
    ['without a folder', { id: '../x' }, '/id must match pattern'],
  ])('%s is refused: %j', async (_what, change, message) => {
    await expect(chainSpecOf(await specFile(change))).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(message) as string,
    });
  });

  it('may have what those of Substrate have besides', async () => {
    const more = {
      telemetryEndpoints: null,
      codeSubstitutes: {},
      forkBlocks: null,
      badBlocks: null,
      lightSyncState: {},
    };
    expect(await chainSpecOf(await specFile(more))).toMatchObject({ id: 'hamster-local' });
  });
});

describe('a raw chain spec', () => {
  const raw = (top: Record<string, string>) => specFile({ genesis: { raw: { top } } });

  it.each<Record<string, string>>([{}, { '0x26aa394eea5630e07c48ae0c9558cef7': '0x00' }])(
    'without the code of a chain is none: %j',
    async (top) => {
      await expect(chainSpecOf(await raw(top))).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringMatching(/^--chain: .* has no "0x3a636f6465".*build-spec --raw/) as string,
      });
    },
  );

  it('has its keys in whatever letters', async () => {
    const top = { '0x3A636F6465': '0x00' };
    expect((await chainSpecOf(await raw(top))).rawGenesis).toEqual(top);
  });
});
