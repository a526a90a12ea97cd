import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver, MachineError } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { findMachine } from '../src/libvirt/machine.ts';
import { metadataUpdate } from '../src/libvirt/metadata.ts';
import { machineNames } from '../src/libvirt/names.ts';
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
    const lists = Promise.all([libvirt.domains.list(), libvirt.networks.list()]);
    const all = (await lists.finally(() => libvirt.close())).flat();
    const disks = await readdir(join(world.stateDir, 'disks')).catch(() => []);
    return [...all.map(({ name }) => name), ...disks].filter((name) =>
      name.startsWith(chainPrefix(world.chain)),
    );
  };

  const everyFile = async (): Promise<string[]> => {
    const found = await readdir(world.stateDir, { recursive: true, withFileTypes: true });
    return found.filter((each) => each.isFile()).map(({ name }) => name);
  };

  /** Makes the machine what a driver leaves that is killed while it builds one anew: it runs, and that is not noted. */
  const interrupted = async (): Promise<void> => {
    const libvirt = await connectLibvirt();
    try {
      const found = await findMachine(libvirt, machineNames(world.chain, order.leaseId, world.stateDir));
      if (found === undefined) throw new Error('the machine is not there');
      const building = { ...found.metadata, phase: 'building' as const };
      await libvirt.domains.setMetadata(found.domain, metadataUpdate(building));
    } finally {
      await libvirt.close();
    }
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

  it(
    'leaves what is found and removed when somebody undefines the domain by hand',
    { timeout: TIMEOUT_MS },
    async () => {
      await driver.create(order);
      const domain = chainPrefix(world.chain) + order.leaseId;
      await runCommand('virsh', ['-c', 'qemu:///system', 'destroy', domain]);
      await runCommand('virsh', ['-c', 'qemu:///system', 'undefine', domain]);
      const left = { leaseId: order.leaseId, unfinished: true, running: false, diskGib: order.spec.diskGib };
      expect(await driver.list()).toMatchObject([left]);
      await rm(join(world.stateDir, 'disks'), { recursive: true });
      expect(await driver.list()).toMatchObject([{ leaseId: order.leaseId, unfinished: true }]);
      await driver.destroy(order.leaseId);
      expect(await driver.list()).toEqual([]);
      expect(await everyFile()).toEqual([]);
      expect(await remains()).toEqual([]);
    },
  );

  it(
    'leaves of what was booted ahead only what a renter may have written',
    { timeout: TIMEOUT_MS },
    async () => {
      const keys = ['warm.00000000000a', 'warm.00000000000b'] as const;
      await mkdir(join(world.stateDir, 'disks'), { recursive: true });
      for (const key of keys) await writeFile(machineNames(world.chain, key, world.stateDir).disk, '');
      await mkdir(join(world.stateDir, 'host-keys'), { recursive: true });
      await writeFile(machineNames(world.chain, keys[1], world.stateDir).claimed, '');
      await driver.prepare?.([]);
      expect(await driver.list()).toMatchObject([{ leaseId: keys[1], unfinished: true }]);
      await driver.destroy(keys[1]);
      expect(await everyFile()).toEqual([]);
    },
  );

  it(
    'counts as not running while it is being built, and is built to its end by the next start',
    {
      timeout: TIMEOUT_MS,
    },
    async () => {
      await driver.create(order);
      const { hostKey } = await driver.waitReady(order.leaseId);
      await interrupted();
      expect(await driver.inspect(order.leaseId)).toMatchObject({ running: false, wanted: 'running' });
      await driver.start(order.leaseId);
      expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
      expect(await driver.inspect(order.leaseId)).toMatchObject({ running: true });
    },
  );

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

  it('notices that a machine had died before it waits', { timeout: TIMEOUT_MS }, async () => {
    await driver.create(order);
    await runCommand('virsh', ['-c', 'qemu:///system', 'destroy', chainPrefix(world.chain) + order.leaseId]);
    await expect(driver.waitReady(order.leaseId)).rejects.toMatchObject({ code: 'BootFailed' });
    expect(await remains()).toEqual([]);
  });
});
