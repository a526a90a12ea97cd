import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { processInfo } from '../src/host/process-table.ts';
import { createProcessDriver } from '../src/index.ts';
import type { MachineOrder } from '../src/index.ts';
import { login, runLifeCompliance, runMachineCompliance } from '../src/testing/index.ts';
import type { ComplianceTarget } from '../src/testing/index.ts';

const stateDir = await mkdtemp(join(os.tmpdir(), 'hamster-process-'));
const spec = { cpuCores: 1, memoryMib: 256, diskGib: 1 };
const renter = generateSshKeyPair('renter');
const order = (leaseId: string): MachineOrder => ({
  leaseId,
  spec,
  image: 'process',
  sshPublicKeys: [renter.publicKey],
});

afterAll(() => rm(stateDir, { recursive: true, force: true }));

const target: ComplianceTarget = {
  name: 'process',
  createDriver: () => Promise.resolve(createProcessDriver({ stateDir })),
  image: 'process',
  spec,
  leaseId: 'compliance',
  timeoutMs: 60_000,
  ownsMemory: false,
};
runMachineCompliance(target);
runLifeCompliance({ ...target, leaseId: 'life' });

describe('process machines', () => {
  const driver = createProcessDriver({ stateDir });
  const run = async (leaseId: string, command: string) =>
    login({ endpoint: await driver.endpoint(leaseId), privateKey: renter.privateKey, command });

  afterEach(() => driver.destroy('p1'));

  it('lists what was begun and never noted, and destroys it', async () => {
    await mkdir(join(stateDir, 'machines/half'), { recursive: true });
    await writeFile(join(stateDir, 'machines/half/machine.json.0123.new'), '{');
    const found = (await driver.list()).filter(({ leaseId }) => leaseId === 'half');
    expect(found).toMatchObject([{ running: false, wanted: 'stopped' }]);
    await driver.destroy('half');
    expect(existsSync(join(stateDir, 'machines/half'))).toBe(false);
  });

  it('keeps nothing of a home that was on its way out when a reinstallation was interrupted', async () => {
    await driver.create(order('again'));
    await driver.stop('again');
    const root = join(stateDir, 'machines/again');
    await rename(join(root, 'home'), join(root, 'discarded'));
    await driver.start('again');
    expect(existsSync(join(root, 'discarded'))).toBe(false);
    await driver.destroy('again');
  });

  it('start once, even when two daemons create at the same time', async () => {
    const other = createProcessDriver({ stateDir });
    const [a, b] = await Promise.all([driver.create(order('p1')), other.create(order('p1'))]);
    expect(b).toEqual(a);
  });

  it('run in a home of their own, closed to others, without the environment of the daemon', async () => {
    process.env['SECRET_OF_THE_DAEMON'] = 'x';
    await driver.create(order('p1'));
    const home = join(stateDir, 'machines', 'p1', 'home');
    expect((await run('p1', 'pwd; echo $HOME')).stdout).toBe(`${home}\n${home}\n`);
    expect((await run('p1', 'env')).stdout).not.toContain('SECRET_OF_THE_DAEMON');
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it('end with all that they started', async () => {
    await driver.create(order('p1'));
    const started = await run('p1', 'setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!');
    const pid = Number(started.stdout);
    expect(await processInfo(pid)).toMatchObject({ zombie: false });
    await driver.destroy('p1');
    expect((await processInfo(pid))?.zombie ?? true).toBe(true);
    expect(existsSync(join(stateDir, 'machines', 'p1'))).toBe(false);
  });
});
