import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { purgeMachines } from '../src/commands/machines.ts';
import type { Config } from '../src/config.ts';
import { lockMachines } from '../src/machines-lock.ts';

const DOCKER = { driver: 'docker' } as const;
const genesis = (): string => `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}`;

describe('the machines of a chain on a host', () => {
  const folders: string[] = [];
  afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

  it('belong to one daemon, since another of the same chain would take them for leftovers', async () => {
    const [one, other] = [genesis(), genesis()];
    const lock = await lockMachines(DOCKER, one);
    await expect(lockMachines(DOCKER, one)).rejects.toMatchObject({
      code: 'MACHINES_IN_USE',
      message: expect.stringContaining('Stop that one first') as string,
    });
    await (await lockMachines(DOCKER, other))?.release();
    await (await lockMachines({ driver: 'libvirt' }, one))?.release();
    await lock?.release();
    await (await lockMachines(DOCKER, one))?.release();
  });

  it('are in the home where processes stand for them, which has a lock of its own', async () => {
    expect(await lockMachines({ driver: 'process' }, genesis())).toBeUndefined();
  });

  it('are not purged under a daemon that runs', async () => {
    const home = await mkdtemp(join(tmpdir(), 'hamster-purge-'));
    folders.push(home);
    const chain = genesis();
    await mkdir(join(home, 'chains', chain.slice(2)), { recursive: true });
    const lock = await lockMachines(DOCKER, chain);
    await expect(purgeMachines({ home, driver: 'docker' } as Config)).rejects.toMatchObject({
      code: 'MACHINES_IN_USE',
    });
    await lock?.release();
  });
});
