import { stat } from 'node:fs/promises';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineDriver } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { CONSOLE_LOG_BYTES } from '../src/libvirt/console-log.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { ConsoleReader, describeWith, requirement } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { PrivateLibvirtd } from './support/private-libvirtd.ts';

const TIMEOUT_MS = 300_000;
const BLOCK = 512;
const root = await requirement('libvirt', () =>
  process.getuid?.() === 0 ? Promise.resolve() : Promise.reject(new Error('not root')),
);

describeWith([...(await virtualMachineRequirements()), root], 'a guest that writes to its console', () => {
  const world = new TestWorld();
  // Without virtlogd, which bounds what it writes, QEMU writes the log.
  const daemon = new PrivateLibvirtd();
  const leaseId = 'flood';
  let driver: MachineDriver;
  let log = '';

  const bytes = async (): Promise<number> => (await stat(log)).blocks * BLOCK;
  const growsBeyond = (limit: number): Promise<true> =>
    pollUntil(async () => (await bytes()) > limit || undefined, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      intervalMs: 100,
    });

  beforeAll(async () => {
    await world.setUp();
    await daemon.setUp();
    await daemon.start();
    driver = world.driver({ socketPath: daemon.socketPath, allowUnfiltered: true, acceleration: 'emulated' });
    log = machineNames(world.chain, leaseId, world.stateDir).consoleLog;
    const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
    const sshPublicKeys = [generateSshKeyPair('renter').publicKey];
    await driver.create({ leaseId, spec, image: 'tiny', sshPublicKeys });
  }, TIMEOUT_MS);

  afterAll(async () => {
    await driver.destroy(leaseId).finally(() => driver.close());
    await daemon.tearDown();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('fills no disk of its host', { timeout: TIMEOUT_MS }, async () => {
    const reader = new ConsoleReader(await driver.console(leaseId));
    await reader.answers('yes $((1111*3)) > /dev/console &', /3333\s+3333/, TIMEOUT_MS);
    for (let round = 0; round < 2; round += 1) {
      await growsBeyond(CONSOLE_LOG_BYTES);
      await driver.guard?.();
      expect(await bytes()).toBeLessThan(CONSOLE_LOG_BYTES);
    }
    reader.close();
  });
});
