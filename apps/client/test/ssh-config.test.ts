import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainClient } from '@hamster/chain-client';
import { devAccount } from '@hamster/daemon';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { expect, it, onTestFinished } from 'vitest';
import type { Context } from '../src/cli/context.ts';
import type { Run } from '../src/cli/program.ts';
import { sshConfigCommand } from '../src/commands/ssh-config.ts';
import { fakeContext } from './support/context.ts';

const HOUR = 3_600_000;

/** Somebody with so many leases, on a chain that begins with these digits; more than one chain may share a home. */
async function renter(leases: number, genesis = '11', home?: string) {
  const directory = home ?? (await mkdtemp(join(tmpdir(), 'hamster-config-')));
  if (home === undefined) onTestFinished(() => rm(directory, { recursive: true }));
  const pair = await devAccount('alice');
  const key = generateSshKeyPair('').publicKey.trim();
  const statuses = new Map(Array.from({ length: leases }, (_, at) => [at + 1, 'Active']));
  const lease = async (id: number) => ({
    ...{ id, resource: 1, renter: pair.address, status: statuses.get(id) },
    ...{ endsAt: HOUR, sshHostKey: key, sshPublicKey: key },
  });
  const chain = {
    chain: { genesisHash: `0x${genesis.repeat(32)}` },
    now: async () => 0,
    lease,
    leasesOf: () => Promise.all([...statuses.keys()].map(lease)),
    resource: async () => ({ peerId: 'provider' }),
    parameters: async () => ({ resourceOrder: { hour: HOUR } }),
    gateways: async () => [{ peerId: 'gateway', multiaddrs: [] }],
  } as unknown as ChainClient;
  const context: Context = {
    ...fakeContext({ home: directory, account: pair.address, chain: `ws://${genesis}` }),
    chain: async () => chain,
    account: async () => ({ address: pair.address, unlock: async () => pair, lock: () => undefined }),
  };
  const run: Run =
    (handler) =>
    async (...args) =>
      void (await handler(context, ...args));
  return {
    home: directory,
    ends: (id: number) => void statuses.set(id, 'Terminated'),
    writes: (...args: string[]) => sshConfigCommand(run).parseAsync(args, { from: 'user' }),
    hosts: async () =>
      [
        ...(await readFile(join(directory, 'ssh', 'config'), 'utf8')).matchAll(
          /^Host (.*)\n(?:.*\n)*? {2}User (.*)$/gm,
        ),
      ].map(([, host, user]) => `${user}@${host}`),
  };
}

it('of one machine keeps the others, and is the same however often it is written', async () => {
  const { writes, hosts, home } = await renter(11);
  await writes('11');
  await writes('1');
  expect(await hosts()).toEqual(['root@hamster-1', 'root@hamster-11']);
  await writes('1', '--user', 'renter');
  expect(await hosts()).toEqual(['renter@hamster-1', 'root@hamster-11']);
  const text = await readFile(join(home, 'ssh', 'config'), 'utf8');
  await writes('1', '--user', 'renter');
  expect(await readFile(join(home, 'ssh', 'config'), 'utf8')).toBe(text);
  expect(text.match(/^#/gm)).toHaveLength(1);
});

it('loses no machine when many are written at the same moment', async () => {
  const { writes, hosts } = await renter(8);
  await Promise.all(Array.from({ length: 8 }, (_, at) => writes(String(at + 1))));
  expect(await hosts()).toEqual(Array.from({ length: 8 }, (_, at) => `root@hamster-${at + 1}`));
});

it('lets go of the machines whose leases have ended, but of none of another chain', async () => {
  const elsewhere = await renter(3, '22');
  await elsewhere.writes('3');
  const { writes, hosts, ends } = await renter(2, '11', elsewhere.home);
  await writes('1');
  await writes('2');
  expect(await hosts()).toHaveLength(3);
  ends(1);
  await writes('2');
  expect(await hosts()).toEqual(['root@hamster-2', 'root@hamster-3']);
  ends(2);
  await writes();
  expect(await hosts()).toEqual([]);
});

it('of one machine keeps those of a release that wrote one file for all', async () => {
  const { writes, hosts, home } = await renter(3);
  await writes();
  await rm(join(home, 'ssh', 'hosts'), { recursive: true });
  await Promise.all([writes('2', '--user', 'renter'), writes('3', '--user', 'renter')]);
  expect(await hosts()).toEqual(['root@hamster-1', 'renter@hamster-2', 'renter@hamster-3']);
  expect((await readdir(join(home, 'ssh'))).sort()).toEqual(['config', 'hosts', 'known_hosts']);
});
