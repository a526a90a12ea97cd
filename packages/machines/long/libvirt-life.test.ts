import { afterAll, beforeAll } from 'vitest';
import { describeWith, runLifeCompliance } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

describeWith(await virtualMachineRequirements(), 'libvirt', () => {
  const world = new TestWorld();
  beforeAll(() => world.setUp(), 120_000);
  afterAll(() => world.tearDown());

  runLifeCompliance({
    name: 'libvirt',
    createDriver: () => Promise.resolve(world.driver()),
    image: 'tiny',
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    leaseId: 'life',
    timeoutMs: 240_000,
    ownsMemory: true,
  });
});
