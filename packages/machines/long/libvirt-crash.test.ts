import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver, MachineError } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 240_000;

describeWith(await virtualMachineRequirements(), 'an interrupted driver', () => {
  const world = new TestWorld();
  const order: MachineOrder = {
    leaseId: 'crash',
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    image: 'tiny',
    sshPublicKeys: [generateSshKeyPair('renter').publicKey],
  };
  const crashed = new MachineError('CommandFailed', 'the daemon was killed here');
  let driver: MachineDriver;
  const remains = async (): Promise<string[]> => {
    const libvirt = await connectLibvirt();
    const all = [...(await libvirt.domains.list()), ...(await libvirt.networks.list())];
    await libvirt.close();
    const disks = await readdir(join(world.stateDir, 'disks'));
    return [...all.map(({ name }) => name), ...disks].filter((name) =>
      name.startsWith(chainPrefix(world.chain)),
    );
  };

  /** A driver that gets no further than its disk, as if killed there. */
  const dying = () =>
    createLibvirtDriver(
      { chain: world.chain, stateDir: world.stateDir },
      { catalogue: world.catalogue, run: () => Promise.reject(crashed) },
    );

  beforeAll(async () => {
    await world.setUp();
    driver = world.driver();
  }, TIMEOUT_MS);
  afterEach(() => driver.destroy(order.leaseId), TIMEOUT_MS);
  afterAll(async () => {
    await driver.close();
    await world.tearDown();
  });

  it('is continued by the next create', { timeout: TIMEOUT_MS }, async () => {
    const first = dying();
    await expect(first.create(order)).rejects.toBe(crashed);
    await first.close();
    expect(await driver.list()).toMatchObject([{ leaseId: order.leaseId, running: false }]);
    await driver.create(order);
    expect(await driver.inspect(order.leaseId)).toMatchObject({ ...order.spec, running: true });
  });

  it('is cleaned up by destroy, whatever it had made', { timeout: TIMEOUT_MS }, async () => {
    const first = dying();
    await expect(first.create(order)).rejects.toBe(crashed);
    await first.close();
    expect(await remains()).not.toEqual([]);
    await driver.destroy(order.leaseId);
    expect(await remains()).toEqual([]);
  });

  it('destroys a machine that does not answer in time', { timeout: TIMEOUT_MS }, async () => {
    const impatient = world.driver({ readyTimeoutMs: 1 });
    await impatient.create(order);
    await expect(impatient.waitReady(order.leaseId)).rejects.toMatchObject({ code: 'BootFailed' });
    await impatient.close();
    expect(await remains()).toEqual([]);
  });

  it('stops waiting when told to, and leaves the machine alone', { timeout: TIMEOUT_MS }, async () => {
    await driver.create(order);
    const controller = new AbortController();
    const waiting = driver.waitReady(order.leaseId, controller.signal);
    controller.abort(new Error('shutting down'));
    await expect(waiting).rejects.toThrow('shutting down');
    expect(await driver.inspect(order.leaseId)).toMatchObject({ running: true });
  });

  it('notices at once that a machine died while it waits', { timeout: TIMEOUT_MS }, async () => {
    await driver.create(order);
    const waiting = expect(driver.waitReady(order.leaseId)).rejects.toMatchObject({ code: 'BootFailed' });
    await runCommand('virsh', ['-c', 'qemu:///system', 'destroy', chainPrefix(world.chain) + order.leaseId]);
    await waiting;
  });
});
