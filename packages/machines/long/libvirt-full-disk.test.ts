import { readdir } from 'node:fs/promises';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { MachineDriver } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, requirement } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { PrivateLibvirtd } from './support/private-libvirtd.ts';

const TIMEOUT_MS = 300_000;
const root = await requirement('libvirt', () =>
  process.getuid?.() === 0 ? Promise.resolve() : Promise.reject(new Error('not root')),
);

describeWith([...(await virtualMachineRequirements()), root], 'a host whose disk is full', () => {
  const world = new TestWorld();
  const daemon = new PrivateLibvirtd();
  const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
  const wish = { image: 'tiny', spec, count: 1 };
  const order = {
    leaseId: 'full',
    spec,
    image: 'tiny',
    sshPublicKeys: [generateSshKeyPair('renter').publicKey],
  };
  let driver: MachineDriver;
  let libvirt: Libvirt;

  const mount = (...options: string[]) => runCommand('mount', [...options, world.stateDir]);
  const size = (bytes: string) => mount('-o', `remount,size=${bytes}`);
  const left = async (): Promise<string[]> => {
    const all = [...(await libvirt.domains.list()), ...(await libvirt.networks.list())];
    const files = await readdir(world.stateDir, { recursive: true, withFileTypes: true });
    return [
      ...all.map(({ name }) => name).filter((name) => name.startsWith(chainPrefix(world.chain))),
      ...files.filter((each) => each.isFile()).map(({ name }) => name),
    ];
  };

  beforeAll(async () => {
    await world.setUp();
    await mount('-t', 'tmpfs', '-o', 'size=64m,mode=0711', 'hamster-test');
    await daemon.setUp();
    await daemon.start();
    libvirt = await connectLibvirt({ socketPath: daemon.socketPath });
    driver = world.driver({
      socketPath: daemon.socketPath,
      allowUnfiltered: true,
      acceleration: 'emulated',
      capacity: { diskGib: 100 },
    });
  }, TIMEOUT_MS);
  afterEach(async () => {
    await driver.destroy(order.leaseId);
    await driver.prepare?.([]);
    expect(await left()).toEqual([]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await driver.close();
    await libvirt.close();
    await daemon.tearDown();
    await runCommand('umount', [world.stateDir]);
    await world.tearDown();
  }, TIMEOUT_MS);

  it(
    'makes no machine, says why, and leaves nothing of one that was to be booted ahead',
    { timeout: TIMEOUT_MS },
    async () => {
      for (const bytes of ['4k', '100k']) {
        await size(bytes);
        const full = /[Nn]o space left on device/;
        await expect(driver.create(order)).rejects.toThrow(full);
        await driver.destroy(order.leaseId);
        expect(await left()).toEqual([]);
        await expect(driver.prepare?.([wish])).rejects.toThrow(full);
        expect(await left()).toEqual([]);
      }
      expect((await driver.selfTest()).checks).toContainEqual(
        expect.objectContaining({ name: 'disk space', passed: false }),
      );
    },
  );

  it(
    'waits for no machine that cannot write, removes it, says why, and goes on when there is room',
    { timeout: TIMEOUT_MS },
    async () => {
      // Enough for an empty disk, and not for what its guest writes at its first boot.
      await size('400k');
      const full = {
        code: 'InsufficientCapacity',
        message: expect.stringContaining('disk of this host is full'),
      };
      await driver.create(order);
      await expect(driver.waitReady(order.leaseId)).rejects.toMatchObject(full);
      expect(await left()).toEqual([]);
      await expect(driver.prepare?.([wish])).rejects.toMatchObject(full);
      expect(await left()).toEqual([]);

      await size('64m');
      await driver.create(order);
      expect(await driver.inspect(order.leaseId)).toMatchObject({ running: true });
    },
  );
});
