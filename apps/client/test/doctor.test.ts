import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Head } from '@hamster/chain-client';
import { CliError } from '../src/cli/errors.ts';
import { checkChain } from '../src/doctor/chain.ts';
import { checkFiles, checkRoom } from '../src/doctor/files.ts';
import { checkAccount } from '../src/doctor/money.ts';
import { checkTools } from '../src/doctor/tools.ts';

const signal = new AbortController().signal;

describe('hamster doctor, on this computer', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'hamster-doctor-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('finds secrets that others can read, but not public keys', async () => {
    expect(await checkFiles(join(home, 'nothing'))).toMatchObject({ state: 'ok' });
    await mkdir(join(home, 'accounts'));
    const key = join(home, 'accounts', 'me.json');
    await writeFile(key, '{}', { mode: 0o600 });
    await writeFile(join(home, 'id.pub'), 'ssh-ed25519 …');
    await chmod(join(home, 'id.pub'), 0o644);
    expect(await checkFiles(home)).toMatchObject({ state: 'ok' });
    await chmod(key, 0o640);
    const found = await checkFiles(home);
    expect(found).toMatchObject({ state: 'bad', advice: `Close it to them: chmod -R go-rwx ${home}` });
    expect(found.text).toContain(key);
  });

  it('finds a home in which nothing can be kept, and leaves nothing in one where it can', async () => {
    expect(await checkRoom(home)).toEqual([]);
    expect(await checkRoom(join(home, 'not', 'yet'))).toEqual([]);
    expect(await readdir(home)).toEqual([]);
    const file = join(home, 'file');
    await writeFile(file, '');
    const [found] = await checkRoom(file);
    expect(found).toMatchObject({ state: 'bad', about: 'files', text: expect.stringContaining(file) });
  });

  it('looks for ssh and scp where a shell would, and for the line in ssh’s config', async () => {
    const bin = join(home, 'bin');
    await mkdir(bin);
    await mkdir(join(home, '.ssh'));
    const place = { home: join(home, '.hamster'), userHome: home, env: { PATH: `/nowhere:${bin}` } };
    const states = async (): Promise<string[]> => (await checkTools(place)).map(({ state }) => state);
    expect(await states()).toEqual(['warn', 'bad', 'warn']);
    for (const name of ['ssh', 'scp']) await writeFile(join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(home, '.ssh', 'config'), `Include "${home}/.hamster/ssh/config"\nHost x\n`);
    expect((await checkTools(place))[2]?.advice).toBe('Write it anew: hamster ssh-config');
    await mkdir(join(home, '.hamster', 'ssh'), { recursive: true });
    await writeFile(join(home, '.hamster', 'ssh', 'config'), '');
    expect(await states()).toEqual(['ok', 'ok', 'ok']);
    const complaint = '#!/bin/sh\necho "config: line 1: Bad configuration option: hots" >&2\nexit 255\n';
    await writeFile(join(bin, 'ssh'), complaint, { mode: 0o755 });
    expect((await checkTools(place))[2]).toMatchObject({
      state: 'bad',
      text: 'ssh cannot use its config: config: line 1: Bad configuration option: hots',
    });
  });
});

describe('hamster doctor, on the chain', () => {
  const head = (number: number): Head => ({ number, hash: '0x01', parentHash: '0x00' });

  /** A chain whose clock says `time`, and that makes a block as soon as somebody watches. */
  function chainAt(time: number, isSyncing = false) {
    return {
      chain: { url: 'ws://node', name: 'Test' } as never,
      now: async () => time,
      isSyncing: async () => isSyncing,
      watchHeads: async (listener: (head: Head) => void) => {
        listener(head(7));
        listener(head(8));
        return () => undefined;
      },
    };
  }

  it.each([
    [1_000_000, false, 'ok', '0.5 s apart'],
    [1_000_000 - 3_600_000, false, 'warn', '1 h ahead of'],
    [1_000_000 + 300_000, false, 'warn', '4 min 59 s behind'],
    [1_000_000 - 3_600_000, true, 'warn', 'still fetches blocks'],
  ])('compares clocks: the chain’s at %i, syncing %s, is %s', async (time, syncing, state, words) => {
    const [alive, clock] = await checkChain(chainAt(time, syncing), () => 1_000_500, signal);
    expect(alive).toMatchObject({ state: 'ok', text: 'Test at ws://node lives; it is at block 8.' });
    expect(clock?.state).toBe(state);
    expect(clock?.text).toContain(words);
  });

  it('tells which account pays, that it is empty, or that there is none', async () => {
    const chain = { balance: async () => ({ free: 5n, held: 2n, transferable: 0n, nonce: 0 }) };
    const account = {
      address: '5Grw',
      unlock: () => Promise.reject(new CliError('X', 'no')),
      lock: () => undefined,
    };
    expect(await checkAccount(chain, async () => account)).toMatchObject({
      state: 'warn',
      text: '5Grw has 0 HAM to spend, and 0.000000000002 HAM held.',
    });
    const none = checkAccount(chain, () =>
      Promise.reject(new CliError('NO_ACCOUNT', 'There is no account yet.')),
    );
    expect(await none).toMatchObject({ state: 'bad', text: 'There is no account yet.' });
  });
});
