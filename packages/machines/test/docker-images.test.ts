import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collectImages, createDockerDriver, importRegistryImage } from '../src/index.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { containerRequirements, DockerWorld } from './docker-machine.ts';
import { TestRegistry } from './registry.ts';

const TIMEOUT_MS = 60_000;

describeWith(await containerRequirements(), 'images of containers', () => {
  const world = new DockerWorld();
  const registry = new TestRegistry();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 64, diskGib: 1 };
  const order = (image: string) => ({ leaseId: 'i1', spec, image, sshPublicKeys: [renter.publicKey] });
  const description = {
    loginUser: 'root',
    minMemoryMib: 32,
    minDiskGib: 1,
    command: ['/sbin/hamster-init'],
    readOnlyRoot: true,
  };
  let rootfs: string;

  beforeAll(async () => {
    await world.setUp();
    const { name, version } = await world.catalogue.get('container-tiny');
    rootfs = join(world.catalogue.directory, name, version, 'rootfs.tar');
  }, TIMEOUT_MS);
  afterAll(async () => {
    registry.close();
    await world.driver().destroy('i1');
    await world.tearDown();
  }, TIMEOUT_MS);

  it('come from a registry by digest, and go with their last machine', { timeout: TIMEOUT_MS }, async () => {
    const reference = await registry.serve(rootfs);
    await importRegistryImage({ ...description, name: 'remote', reference }, world.catalogue);
    const driver = world.driver();
    const { endpoint } = await driver.create(order('remote'));
    await driver.waitReady('i1');
    const { stdout } = await login({ endpoint, privateKey: renter.privateKey, command: 'echo in' });
    expect(stdout).toBe('in\n');
    const other = { ...description, name: 'remote', reference, command: ['/sbin/hamster-init', 'x'] };
    await importRegistryImage(other, world.catalogue);
    await driver.destroy('i1');
    await expect(world.docker.getImage(reference).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it('that no registry has are an error that says so', { timeout: TIMEOUT_MS }, async () => {
    const empty = new TestRegistry();
    const reference = (await empty.serve(rootfs)).replace(/[0-9a-f]{8}$/, '00000000');
    await importRegistryImage({ ...description, name: 'missing', reference }, world.catalogue);
    const attempt = world.driver().create(order('missing'));
    await expect(attempt).rejects.toMatchObject({ code: 'ImageCorrupt' });
    await world.driver().destroy('i1');
    empty.close();
  });

  it('are hashed at each start, and kept while a machine uses them', { timeout: TIMEOUT_MS }, async () => {
    const driver = world.driver();
    await driver.create(order('container-tiny'));
    expect(await collectImages({ stateDir: world.stateDir })).not.toContainEqual(
      expect.stringMatching(/^container-tiny/),
    );
    await driver.stop('i1');
    await appendFile(rootfs, 'x');
    await expect(driver.start('i1')).rejects.toMatchObject({ code: 'ImageCorrupt' });
  });

  it('are not asked for where no Docker is', async () => {
    const driver = createDockerDriver({
      chain: world.chain,
      stateDir: world.stateDir,
      socketPath: '/nonexistent/docker.sock',
    });
    const message = expect.stringContaining('no Docker daemon at /nonexistent/docker.sock') as string;
    await expect(driver.inspect('i1')).rejects.toMatchObject({ code: 'HypervisorFailed', message });
    expect(await driver.selfTest()).toMatchObject({
      passed: false,
      checks: [{ name: 'Docker', passed: false }],
    });
  });
});
