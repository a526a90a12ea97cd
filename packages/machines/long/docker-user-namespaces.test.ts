import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { containerRequirements, DockerWorld } from '../test/docker-machine.ts';
import { PrivateDockerd } from './support/private-dockerd.ts';

const TIMEOUT_MS = 120_000;

describeWith(await containerRequirements(), 'a container in a user namespace', () => {
  const world = new DockerWorld();
  const daemon = new PrivateDockerd(['--userns-remap', 'default']);
  const renter = generateSshKeyPair('renter');
  const order = {
    leaseId: 'mapped',
    spec: { cpuCores: 1, memoryMib: 64, diskGib: 1 },
    image: 'container-tiny',
    sshPublicKeys: [renter.publicKey],
  };
  let driver: MachineDriver;
  let endpoint: Endpoint;

  beforeAll(async () => {
    await daemon.start();
    await world.setUp();
    await chmod(world.stateDir, 0o711);
    driver = world.driver({ socketPath: daemon.socketPath });
    ({ endpoint } = await driver.create(order));
    await driver.waitReady(order.leaseId);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await driver.destroy(order.leaseId);
    await daemon.stop();
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;

  it('has a root who is nobody on the host', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('id -u')).toBe('0\n');
    const [inside, outside] = (await run('cat /proc/self/uid_map')).trim().split(/\s+/).map(Number);
    expect(inside).toBe(0);
    expect(outside).toBeGreaterThan(0);
    const docker = new Docker({ socketPath: daemon.socketPath });
    const { State } = await docker.getContainer(`${chainPrefix(world.chain)}mapped`).inspect();
    expect(await readFile(`/proc/${State.Pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\s+${outside}\\s`, 'm'),
    );
  });

  it('writes to its disk as root, which the host keeps as that nobody', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('echo mine >/data/file; chown root /data/file; cat /data/file')).toBe('mine\n');
    const folder = join(world.stateDir, 'containers', chainPrefix(world.chain).slice(0, -1), 'mapped');
    expect((await stat(join(folder, 'data/file'))).uid).toBeGreaterThan(0);
    expect(await run('cat /hamster/dropbear_ed25519_host_key | wc -c')).not.toBe('0\n');
  });

  it('is told to be so by the self-test', { timeout: TIMEOUT_MS }, async () => {
    const { checks } = await driver.selfTest();
    expect(checks.find(({ name }) => name === 'user namespaces')).toMatchObject({ passed: true });
  });
});
