import { appendFile, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver, imageCatalogue } from '../src/index.ts';
import type { CloudImage } from '../src/index.ts';
import { hashFile } from '../src/host/hash-file.ts';
import { runCommand } from '../src/host/run-command.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from './libvirt-machine.ts';

const TIMEOUT_MS = 120_000;

// A disk with nothing on it: what the hypervisor takes and what is left behind do not depend on the guest.
describeWith(await virtualMachineRequirements(), 'a machine from a cloud image', () => {
  const world = new TestWorld();
  const catalogue = () => imageCatalogue(join(world.stateDir, 'catalogue'));
  let entry: CloudImage;

  beforeAll(async () => {
    await world.setUp();
    await mkdir(catalogue().directory, { recursive: true, mode: 0o711 });
    const output = await mkdtemp(join(catalogue().directory, '.out-'));
    const disk = join(output, 'disk.qcow2');
    await runCommand('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
    await runCommand('chmod', ['0711', output]);
    const description = { name: 'cloudy', loginUser: 'debian', minMemoryMib: 64, minDiskGib: 1 };
    const file = { name: 'disk.qcow2', sha256: await hashFile(disk) };
    entry = { ...description, version: '1', recipe: 'cloud', disk: file, source: 'test' };
    await catalogue().publish(entry, output);
  }, TIMEOUT_MS);
  afterAll(() => world.tearDown());

  it('boots by itself beside its seed, and both go with it', { timeout: TIMEOUT_MS }, async () => {
    const driver = createLibvirtDriver({
      chain: world.chain,
      stateDir: world.stateDir,
      acceleration: 'emulated',
      stopGraceMs: 100,
    });
    const order = {
      leaseId: 'cloud',
      spec: { cpuCores: 1, memoryMib: 64, diskGib: 1 },
      image: 'cloudy',
      sshPublicKeys: [generateSshKeyPair('renter').publicKey],
    };
    try {
      await driver.create(order);
      expect(await driver.inspect('cloud')).toMatchObject({ running: true, image: 'cloudy', diskGib: 1 });
      expect(await driver.status('cloud')).toEqual({ state: 'starting' });
      const libvirt = await connectLibvirt();
      const domain = await libvirt.domains.lookupByName(`${chainPrefix(world.chain)}cloud`);
      const text = await libvirt.domains.xml(domain);
      await libvirt.close();
      expect(text).toMatch(/\.seed\.iso'[^]*<target dev='vdb' bus='virtio'\/>[^]*<readonly\/>/);
      expect(text).not.toContain('<kernel>');
      const keys = [generateSshKeyPair('other').publicKey];
      await expect(driver.setSshKeys('cloud', keys)).rejects.toMatchObject({ code: 'Unsupported' });
      await driver.stop('cloud');
      await appendFile((await catalogue().locate(entry)).disk, 'x');
      await expect(driver.start('cloud')).rejects.toMatchObject({ code: 'ImageCorrupt' });
    } finally {
      await driver.destroy('cloud');
      await driver.close();
    }
    expect(await readdir(join(world.stateDir, 'disks'))).toEqual([]);
  });
});
