import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildImage } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 300_000;

describeWith(await virtualMachineRequirements(), 'machines that are booted ahead', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
  const wish = { image: 'tiny', spec, count: 1 };
  const order = (leaseId: string, change: Partial<MachineOrder['spec']> = {}): MachineOrder => {
    return { leaseId, spec: { ...spec, ...change }, image: 'tiny', sshPublicKeys: [renter.publicKey] };
  };
  let driver: MachineDriver;

  const domains = async (): Promise<string[]> => {
    const libvirt = await connectLibvirt();
    const names = (await libvirt.domains.list()).map(({ name }) => name);
    await libvirt.close();
    return names.filter((name) => name.startsWith(chainPrefix(world.chain)));
  };
  const warm = async (): Promise<string[]> => (await domains()).filter((name) => name.includes('warm.'));
  const run = async (leaseId: string, command: string): Promise<string> => {
    const endpoint = await driver.endpoint(leaseId);
    return (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;
  };

  beforeAll(async () => {
    await world.setUp();
    await buildImage('tiny', world.catalogue);
    driver = world.driver();
    await driver.prepare?.([wish]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    for (const leaseId of ['a', 'b', 'c']) await driver.destroy(leaseId);
    await driver.prepare?.([]);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('are nobody’s, and more are not made than wished', { timeout: TIMEOUT_MS }, async () => {
    const before = await warm();
    expect(before).toHaveLength(1);
    expect(await driver.list()).toEqual([]);
    await driver.prepare?.([wish]);
    expect(await warm()).toEqual(before);
  });

  it(
    'are given to one order, with its keys and disk and a host key of its own',
    { timeout: TIMEOUT_MS },
    async () => {
      const machines = await Promise.all([
        driver.create(order('a', { diskGib: 2 })),
        driver.create(order('b')),
      ]);
      expect(machines[0]?.endpoint).not.toEqual(machines[1]?.endpoint);
      expect(await warm()).toHaveLength(1);
      expect(await domains()).toHaveLength(2);
      const keys = await Promise.all(['a', 'b'].map((leaseId) => driver.waitReady(leaseId)));
      expect(keys[0]).not.toEqual(keys[1]);
      expect((await driver.list()).map(({ leaseId }) => leaseId)).toEqual(['a', 'b']);
      const ids = await Promise.all(['a', 'b'].map((leaseId) => run(leaseId, 'cat /etc/machine-id')));
      expect(ids[0]).not.toBe(ids[1]);
      for (const leaseId of ['a', 'b']) expect(await run(leaseId, 'hostname')).toBe(`hamster-${leaseId}\n`);
      expect(await driver.inspect('a')).toMatchObject({ ...spec, diskGib: 2, running: true });
      expect(Number(await run('a', 'cat /sys/block/vda/size'))).toBe((2 * 1024 ** 3) / 512);
      expect(Math.abs(Number(await run('a', 'date +%s')) - Date.now() / 1000)).toBeLessThan(30);
    },
  );

  it('keep their name when they are started again from inside', { timeout: TIMEOUT_MS }, async () => {
    const look = 'cat /proc/sys/kernel/random/boot_id; grep -c warm /proc/cmdline; hostname';
    const looks = await Promise.all(
      ['a', 'b'].map(async (leaseId) => ({ leaseId, seen: await run(leaseId, look) })),
    );
    // On a busy host one may have been built anew, as who takes too long to become its tenant's is.
    const { leaseId, seen: before } = looks.find(({ seen }) => seen.split('\n')[1] === '1') ?? expect.fail();
    await run(leaseId, 'reboot').catch(() => 'went down before it said so');
    const after = await pollUntil(
      async () => {
        const now = await run(leaseId, look).catch(() => before);
        // A machine that goes down ends the command with less than all three lines.
        return now === before || now.split('\n').length !== 4 ? undefined : now;
      },
      { signal: AbortSignal.timeout(TIMEOUT_MS), intervalMs: 500 },
    );
    expect(after.split('\n').slice(1)).toEqual(['1', `hamster-${leaseId}`, '']);
  });

  it('live on like any other machine after a crash of the daemon', { timeout: TIMEOUT_MS }, async () => {
    const { hostKey } = await driver.waitReady('a');
    await driver.close();
    driver = world.driver();
    await run('a', 'echo kept > file; sync');
    await driver.prepare?.([]);
    await driver.reboot('a');
    expect(await driver.waitReady('a')).toEqual({ hostKey });
    expect(await run('a', 'cat file; grep -c warm /proc/cmdline; hostname')).toBe('kept\n0\nhamster-a\n');
  });

  it('give way to an order that needs their memory', { timeout: TIMEOUT_MS }, async () => {
    await driver.close();
    driver = world.driver({ capacity: { memoryMib: 4 * spec.memoryMib } });
    await driver.prepare?.([wish]);
    expect(await warm()).toHaveLength(2);
    await driver.create(order('c', { memoryMib: 2 * spec.memoryMib }));
    // That of lease a keeps its name.
    expect(await warm()).toHaveLength(1);
    await driver.prepare?.([wish]);
    expect(await warm()).toHaveLength(1);
  });

  it('leave nothing behind', { timeout: TIMEOUT_MS }, async () => {
    for (const leaseId of ['a', 'b', 'c']) await driver.destroy(leaseId);
    expect(await domains()).toEqual([]);
    for (const directory of ['disks', 'consoles', 'host-keys'])
      expect(await readdir(join(world.stateDir, directory))).toEqual([]);
  });
});
