import { createReadStream } from 'node:fs';
import { access, chmod, mkdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver, imageCatalogue, importCloudImage } from '../src/index.ts';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { hashFile } from '../src/host/hash-file.ts';
import { describeWith, login, requirement } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 600_000;
/** Made by support/build-cloud-image.sh, which takes too long to be done here. */
const DISK = process.env['HAMSTER_CLOUD_DISK'] ?? '(none: HAMSTER_CLOUD_DISK is not set)';
const disk = await requirement('cloud disk', () => access(DISK));

describeWith([...(await virtualMachineRequirements()), disk], 'a cloud image with cloud-init', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const server = http.createServer((_request, response) => void createReadStream(DISK).pipe(response));
  const order = {
    leaseId: 'cloud-init',
    spec: { cpuCores: 1, memoryMib: 768, diskGib: 5 },
    image: 'debian-cloud',
    sshPublicKeys: [renter.publicKey],
  };
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let hostKey: string;

  beforeAll(async () => {
    await world.setUp();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const catalogue = imageCatalogue(join(world.stateDir, 'catalogue'));
    await mkdir(catalogue.directory, { recursive: true });
    await chmod(catalogue.directory, 0o711);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cloud.qcow2`;
    const needs = { loginUser: 'debian', minMemoryMib: 512, minDiskGib: 3 };
    await importCloudImage({ name: order.image, url, sha256: await hashFile(DISK), ...needs }, catalogue);
    driver = createLibvirtDriver({ chain: world.chain, stateDir: world.stateDir });
    ({ endpoint } = await driver.create(order));
    ({ hostKey } = await driver.waitReady(order.leaseId));
  }, TIMEOUT_MS);

  afterAll(async () => {
    server.close();
    await driver.destroy(order.leaseId);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout.trim();

  it('takes user, name, host key and address from its seed', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('whoami; sudo -n id -u; hostname')).toBe('debian\n0\nhamster-cloud-init');
    const held = await run('sudo cat /etc/ssh/ssh_host_ed25519_key.pub');
    expect(held.split(' ').slice(0, 2).join(' ')).toBe(hostKey);
    expect(await run('hostname -I')).toBe(endpoint.host);
  });

  it(
    'finishes its first boot without an error, on a disk as large as ordered',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await run('cloud-init status --wait')).toContain('status: done');
      const size = Number((await run('df --output=size -B1M / | tail -1')).trim());
      expect(size).toBeGreaterThan(4_500);
    },
  );

  it('knows no password for anybody', { timeout: TIMEOUT_MS }, async () => {
    const open = `sudo awk -F: '$2 !~ /^[!*]/ {print $1}' /etc/shadow`;
    expect(await run(open)).toBe('');
    expect(await run('sudo sshd -T | grep -i ^passwordauthentication')).toBe('passwordauthentication no');
  });
});
