import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
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
  type GatewayAddress,
  type Host,
  type SwarmKey,
} from '../src/index.ts';
import { addressesOf } from '../src/routes/gateway-address.ts';
import { cleanup } from './support/cleanup.ts';
import { fakeMachine } from './support/machines.ts';
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

/** Something that listens on a TCP port, and where a host dials it. */
async function listener(serve: (socket: Socket) => void): Promise<GatewayAddress> {
  const { port } = keep(await fakeMachine(serve));
  return { peerId: (await createIdentity()).peerId, multiaddrs: [`/ip4/127.0.0.1/tcp/${port}`] };
}

async function dialled(
  host: Host,
  { peerId, multiaddrs }: GatewayAddress,
  patienceMs = 10_000,
): Promise<unknown> {
  const addresses = addressesOf(peerId, multiaddrs);
  return host.dial(addresses, AbortSignal.timeout(patienceMs)).catch((error: unknown) => error);
}

/** As a length it announces more than ever comes. */
const ENDLESS = Buffer.alloc(24, 0xff).fill(1, 1);
const NO_KEY = { code: 'NETWORK_KEY', message: expect.stringMatching(/whose key you need \(--swarm-key\)/) };
/** A hang-up has other reasons, too. */
const HUNG_UP = {
  code: 'NETWORK_KEY',
  message: expect.stringMatching(/hung up .* may .* whose key you need \(--swarm-key\), or .* bounds/),
};
const OTHER_KEY = { code: 'NETWORK_KEY', message: expect.stringMatching(/another --swarm-key, or none/) };
const SURELY_OTHER = { code: 'NETWORK_KEY', message: expect.stringMatching(/is no host of this private/) };
const MAYBE_OTHER = {
  code: 'NETWORK_KEY',
  message: expect.stringMatching(/may have another --swarm-key, or none, .* bounds, or hang/),
};

describe('who has no key is told so', () => {
  test.each([
    ['begins with a nonce and waits', (socket: Socket) => void socket.write(ENDLESS)],
    ['begins with a byte of it', (socket: Socket) => void socket.write(ENDLESS.subarray(0, 1))],
  ])('by one that %s', async (_, serve) => {
    expect(await dialled(await peer(), await listener(serve))).toMatchObject(NO_KEY);
  });

  test.each([
    ['hangs up', (socket: Socket) => void socket.destroy()],
    ['resets', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ])('as one reason of several by one that only %s', async (_, serve) => {
    expect(await dialled(await peer(), await listener(serve))).toMatchObject(HUNG_UP);
  });

  test('but not by one that is only silent, as a private network never is', async () => {
    const silent = await dialled(await peer(), await listener(() => undefined), 1_500);
    expect(silent).not.toMatchObject({ code: 'NETWORK_KEY' });
  });

  test('by a private network, whatever its nonce', async () => {
    const [gateway, client] = [await gatewayOf(await newKey()), await peer()];
    for (let time = 0; time < 20; time++)
      expect(await dialled(client, listing(gateway))).toMatchObject(NO_KEY);
  });
});

describe('who has another key is told so', () => {
  test('by one that answers noise after its nonce', async () => {
    const noise = await listener((socket) => void socket.write(randomBytes(60)));
    expect(await dialled(await peer(await newKey()), noise)).toMatchObject(SURELY_OTHER);
  });

  test.each([
    ['hangs up', (socket: Socket) => void socket.destroy()],
    ['says nothing', () => undefined],
    ['gives a nonce and then waits', (socket: Socket) => void socket.write(ENDLESS)],
  ])('as one reason of several by one that only %s', async (_, serve) => {
    expect(await dialled(await peer(await newKey()), await listener(serve), 1_500)).toMatchObject(
      MAYBE_OTHER,
    );
  });

  test('by a network of another key, and by a public one, whatever the nonces', async () => {
    const [other, open, client] = [
      await gatewayOf(await newKey()),
      await gatewayOf(),
      await peer(await newKey()),
    ];
    for (let time = 0; time < 20; time++) {
      expect(await dialled(client, listing(other))).toMatchObject(OTHER_KEY);
      expect(await dialled(client, listing(open))).toMatchObject(OTHER_KEY);
    }
  });
});

test('another peer than the one that was dialled is no matter of keys', async () => {
  const key = await newKey();
  const { multiaddrs } = listing(await gatewayOf(key));
  const { peerId } = await createIdentity();
  const stolen = multiaddrs.map((address) => address.replace(/\/p2p\/.*/, ''));
  const failure = await dialled(await peer(key), { peerId, multiaddrs: stolen });
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toMatchObject({ code: 'NETWORK_KEY' });
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
