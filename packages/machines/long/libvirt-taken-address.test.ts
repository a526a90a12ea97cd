import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineDriver } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { describeWith } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 120_000;
const POOL = '10.77.240.0/22';
const LINK = 'hmtaken';
const DNS = 53;

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'a range of addresses in which something listens that no interface shows', () => {
  const world = new TestWorld();
  let driver: MachineDriver;
  let left: Socket | undefined;

  // What a libvirt leaves that was killed while it set a network up: its dnsmasq, for addresses that are not there.
  beforeAll(async () => {
    await world.setUp();
    driver = world.driver({ acceleration: 'emulated', stopGraceMs: 100, subnetPools: [POOL] });
    await runCommand('ip', ['link', 'add', LINK, 'type', 'bridge']);
    try {
      await runCommand('ip', ['address', 'add', '10.77.240.1/24', 'dev', LINK]);
      left = createSocket('udp4').bind(DNS, '10.77.240.1');
      await once(left, 'listening');
    } finally {
      await runCommand('ip', ['link', 'delete', LINK]);
    }
  }, TIMEOUT_MS);
  afterAll(async () => {
    left?.close();
    await driver.destroy('taken');
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('is left for the next one', { timeout: TIMEOUT_MS }, async () => {
    const { endpoint } = await driver.create({
      leaseId: 'taken',
      spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
      image: 'tiny',
      sshPublicKeys: [generateSshKeyPair('renter').publicKey],
    });
    expect(endpoint.host).toMatch(/^10\.77\.24[1-3]\./);
  });
});
