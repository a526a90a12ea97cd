import { randomBytes } from 'node:crypto';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildImage } from '../src/index.ts';
import type { MachineDriver } from '../src/index.ts';
import { describeWith } from '../src/testing/index.ts';
import type { Requirement } from '../src/testing/index.ts';
import { containerRequirements, DockerWorld } from '../test/docker-machine.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { roundTrip } from './support/file-transfer.ts';
import type { Transfer } from './support/file-transfer.ts';

const TIMEOUT_MS = 240_000;

function copiesFiles(
  image: string,
  requirements: readonly Requirement[],
  world: TestWorld | DockerWorld,
): void {
  describeWith(requirements, `files to and from ${image}`, () => {
    const renter = generateSshKeyPair('renter');
    const order = {
      leaseId: 'files',
      spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
      image,
      sshPublicKeys: [renter.publicKey],
    };
    const content = randomBytes(300_000);
    let driver: MachineDriver;
    let transfer: Transfer;

    beforeAll(async () => {
      await world.setUp();
      await buildImage(image, world.catalogue);
      driver = world.driver();
      const { endpoint } = await driver.create(order);
      const { hostKey } = await driver.waitReady(order.leaseId);
      transfer = { endpoint, hostKey, privateKey: renter.privateKey };
    }, TIMEOUT_MS);
    afterAll(async () => {
      await driver.destroy(order.leaseId);
      await driver.close();
      await world.tearDown();
    }, TIMEOUT_MS);

    it.each(['scp', 'scp -O', 'sftp'] as const)('are copied by %s', { timeout: TIMEOUT_MS }, async (way) => {
      expect((await roundTrip(way, transfer, content)).equals(content)).toBe(true);
    });
  });
}

copiesFiles('container-tiny', await containerRequirements(), new DockerWorld());
copiesFiles('tiny', await virtualMachineRequirements(), new TestWorld());
