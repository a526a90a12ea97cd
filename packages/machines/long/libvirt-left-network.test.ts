import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { describeWith } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 120_000;
const POOL = '10.77.240.0/22';
const LINK = 'hmtaken';
const DNS = 53;

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'what a libvirt leaves that was killed while it set a network up', () => {
  const world = new TestWorld();
  let driver: MachineDriver;
  let left: Socket | undefined;

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

  const order: MachineOrder = {
    leaseId: 'taken',
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    image: 'tiny',
    sshPublicKeys: [generateSshKeyPair('renter').publicKey],
  };
  const { bridge } = machineNames(world.chain, order.leaseId, '');
  const leaveBridge = () => runCommand('ip', ['link', 'add', bridge, 'type', 'bridge']);

  it(
    'keeps no machine from a network: its bridge, or who listens at addresses that are not there',
    async () => {
      await leaveBridge();
      const { endpoint } = await driver.create(order);
      expect(endpoint.host).toMatch(/^10\.77\.24[1-3]\./);
    },
    TIMEOUT_MS,
  );

  it(
    'goes with the machine',
    async () => {
      await driver.destroy(order.leaseId);
      await leaveBridge();
      await driver.destroy(order.leaseId);
      expect(existsSync(`/sys/class/net/${bridge}`)).toBe(false);
    },
    TIMEOUT_MS,
  );
});
