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

async function specWith(bootNodes: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-spec-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'spec.json');
  await writeFile(path, JSON.stringify({ ...(await chainSpecOf('local')), bootNodes }));
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
