import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainPrefix } from '../src/names.ts';
import { describeWith, runMachineCompliance } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from './libvirt-machine.ts';

describeWith(await virtualMachineRequirements(), 'libvirt', () => {
  const world = new TestWorld();
  beforeAll(async () => {
    await world.setUp();
  }, 120_000);
  afterAll(() => world.tearDown());

  runMachineCompliance({
    name: 'libvirt',
    createDriver: () => Promise.resolve(world.driver()),
    image: 'tiny',
    spec: { cpuCores: 2, memoryMib: 256, diskGib: 2 },
    leaseId: '7',
    timeoutMs: 120_000,
    ownsMemory: true,
  });

  describe('afterwards', () => {
    it('has left no domain, network, disk or console log', async () => {
      const libvirt = await connectLibvirt();
      const all = [...(await libvirt.domains.list()), ...(await libvirt.networks.list())];
      await libvirt.close();
      expect(all.filter(({ name }) => name.startsWith(chainPrefix(world.chain)))).toEqual([]);
      expect(await readdir(join(world.stateDir, 'disks'))).toEqual([]);
      expect(await readdir(join(world.stateDir, 'consoles'))).toEqual([]);
    });
  });
});
