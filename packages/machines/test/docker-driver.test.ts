import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, runLifeCompliance, runMachineCompliance } from '../src/testing/index.ts';
import type { ComplianceTarget } from '../src/testing/index.ts';
import { containerRequirements, DockerWorld } from './docker-machine.ts';

describeWith(await containerRequirements(), 'docker', () => {
  const world = new DockerWorld();
  beforeAll(() => world.setUp(), 60_000);
  afterAll(() => world.tearDown());

  const target: ComplianceTarget = {
    name: 'docker',
    createDriver: () => Promise.resolve(world.driver()),
    image: 'container-tiny',
    spec: { cpuCores: 1, memoryMib: 96, diskGib: 1 },
    leaseId: '7',
    timeoutMs: 60_000,
    ownsMemory: false,
  };
  runMachineCompliance(target);
  runLifeCompliance({ ...target, leaseId: 'life' });

  describe('afterwards', () => {
    it('has left no container, network, file or mount', async () => {
      expect(await world.remains()).toEqual([]);
      const [folder = ''] = await readdir(join(world.stateDir, 'containers'));
      expect(await readdir(join(world.stateDir, 'containers', folder))).toEqual([]);
      expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(world.stateDir);
    });
  });
});
