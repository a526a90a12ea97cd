import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { containerRequirements, DockerWorld } from '../test/docker-machine.ts';
import { debianRunsc } from './support/debian-runsc.ts';
import { PrivateDockerd } from './support/private-dockerd.ts';

const TIMEOUT_MS = 240_000;

describeWith(await containerRequirements(), 'a container under gVisor', () => {
  const world = new DockerWorld();
  const renter = generateSshKeyPair('renter');
  const order = {
    leaseId: 'gvisor',
    spec: { cpuCores: 1, memoryMib: 256, diskGib: 1 },
    image: 'container-tiny',
    sshPublicKeys: [renter.publicKey],
  };
  let folder: string;
  let daemon: PrivateDockerd;
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let hostKey: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'hamster-gvisor-'));
    const runtimeArgs = ['--network=host'];
    const runtimes = { runsc: { path: await debianRunsc(folder), runtimeArgs } };
    await writeFile(join(folder, 'daemon.json'), JSON.stringify({ runtimes }));
    daemon = new PrivateDockerd(['--config-file', join(folder, 'daemon.json')]);
    await daemon.start();
    await world.setUp();
    driver = world.driver({ socketPath: daemon.socketPath });
    ({ endpoint } = await driver.create(order));
    ({ hostKey } = await driver.waitReady(order.leaseId));
  }, TIMEOUT_MS);

  afterAll(async () => {
    await driver.destroy(order.leaseId);
    await daemon.stop();
    await world.tearDown();
    await rm(folder, { recursive: true, force: true });
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;

  it('is chosen by itself, and told by the self-test', { timeout: TIMEOUT_MS }, async () => {
    const { checks } = await driver.selfTest();
    expect(checks.find(({ name }) => name === 'gVisor')).toMatchObject({ passed: true });
  });

  it('has another kernel than its host', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('dmesg | head -1')).toContain('Starting gVisor');
    expect((await run('uname -r')).trim()).not.toBe(os.release());
  });

  it('keeps its files and its host key over a restart', { timeout: TIMEOUT_MS }, async () => {
    await run('echo kept > file; sync');
    await driver.reboot(order.leaseId);
    expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
    endpoint = await driver.endpoint(order.leaseId);
    expect(await run('cat file')).toBe('kept\n');
  });
});
