import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createGatewayHost,
  createHost,
  createIdentity,
  createSwarmKey,
  dialProvider,
  loadSwarmKey,
  type SwarmKey,
} from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { listing, reachable } from './support/network.ts';

const keep = cleanup();

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'hamster-swarm-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function newKey(): Promise<SwarmKey> {
  const path = join(await folder(), 'swarm.key');
  await createSwarmKey(path);
  return loadSwarmKey(path);
}

const peer = async (swarmKey?: SwarmKey) =>
  keep(await createHost({ identity: await createIdentity(), ...(swarmKey && { swarmKey }) }));

async function gatewayOf(swarmKey?: SwarmKey) {
  const relay = { acl: { mayReserve: () => true, mayRelay: () => true } };
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const identity = await createIdentity();
  return keep(await createGatewayHost({ identity, listen, relay, ...(swarmKey && { swarmKey }) }));
}

describe('a private network', () => {
  test('is for those who have its key; others are told why they stay outside', async () => {
    const key = await newKey();
    const gateway = await gatewayOf(key);
    const provider = await peer(key);
    keep(await reachable(provider, () => [listing(gateway)]));
    const route = { gateways: [listing(gateway)] };
    const connection = await dialProvider(await peer(key), provider, route);
    expect(connection.remotePeer.toString()).toBe(provider.peerId);

    const other = dialProvider(await peer(await newKey()), provider, route);
    await expect(other).rejects.toThrow(/another --swarm-key, or none/);
    const without = dialProvider(await peer(), provider, route);
    await expect(without).rejects.toThrow(/may belong to a private network/);
  });
});

describe('the key of a private network', () => {
  test('is in the form of all libp2p programs, for its owner alone, and never overwritten', async () => {
    const path = join(await folder(), 'keys', 'swarm.key');
    await createSwarmKey(path);
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/^\/key\/swarm\/psk\/1\.0\.0\/\n\/base16\/\n[0-9a-f]{64}\n$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(createSwarmKey(path)).rejects.toMatchObject({ code: 'SWARM_KEY_INVALID' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test.each([
    ['nothing', '', 0o600, /three lines/],
    ['half a key', '/key/swarm/psk/1.0.0/\n/base16/\nabcd\n', 0o600, /64 hex digits/],
    ['a key that others read', `/key/swarm/psk/1.0.0/\n/base16/\n${'ab'.repeat(32)}\n`, 0o644, /chmod 600/],
  ])('is refused where the file holds %s', async (_, text, mode, sentence) => {
    const path = join(await folder(), 'swarm.key');
    await writeFile(path, text);
    await chmod(path, mode);
    await expect(loadSwarmKey(path)).rejects.toMatchObject({
      code: 'SWARM_KEY_INVALID',
      message: expect.stringMatching(sentence),
    });
  });

  test('that is not there is named', async () => {
    await expect(loadSwarmKey('/nowhere/swarm.key')).rejects.toThrow('/nowhere/swarm.key');
  });
});
