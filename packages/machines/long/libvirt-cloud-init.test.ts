import { createReadStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver, imageCatalogue, importCloudImage } from '../src/index.ts';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { hashFile } from '../src/host/hash-file.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { cloudDisk } from './support/cloud-disk.ts';

const TIMEOUT_MS = 1_200_000;
/** Building the disk, where it is not there yet, and the first boot. */
const SET_UP_MS = 2_400_000;
const GIB_IN_MIB = 1024;
const MARK = '-- said';
/** As root, who asks the first process itself: over the bus the answer may get lost while the bus is started. */
const HAS_STARTED = 'sudo systemctl is-system-running --wait';
/** What "cloud-init status" reads, without the seconds that starting it takes. */
const RESULT = 'cat /run/cloud-init/result.json';
const WENT_WELL = { v1: { datasource: expect.stringMatching(/NoCloud.*vdb/) as unknown, errors: [] } };
const HOST_KEY = `sudo cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub`;
const ROOT_SIZE = 'df --output=size -B1M / | tail -1';

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'a cloud image with cloud-init', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 768, diskGib: 5 };
  const order = { leaseId: 'cloud-init', spec, image: 'debian-cloud', sshPublicKeys: [renter.publicKey] };
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let hostKey: string;

  const importDisk = async (disk: string): Promise<void> => {
    const catalogue = imageCatalogue(join(world.stateDir, 'catalogue'));
    await mkdir(catalogue.directory, { recursive: true });
    await chmod(catalogue.directory, 0o711);
    const server = http.createServer((_request, response) => void createReadStream(disk).pipe(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cloud.qcow2`;
    const needs = { loginUser: 'debian', minMemoryMib: 512, minDiskGib: 3 };
    try {
      await importCloudImage({ name: order.image, url, sha256: await hashFile(disk), ...needs }, catalogue);
    } finally {
      server.close();
    }
  };

  beforeAll(async () => {
    await world.setUp();
    await importDisk(await cloudDisk());
    const { chain, stateDir } = world;
    driver = createLibvirtDriver({ chain, stateDir, readyTimeoutMs: TIMEOUT_MS });
    ({ endpoint } = await driver.create(order));
    ({ hostKey } = await driver.waitReady(order.leaseId));
  }, SET_UP_MS);

  afterAll(async () => {
    await driver.destroy(order.leaseId);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  /** One login, as each takes seconds under emulation: what each of the commands said, in their order. */
  const ask = async (...commands: string[]): Promise<string[]> => {
    const command = commands.map((each) => `${each}; echo ${MARK}`).join('\n');
    const { stdout } = await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS);
    return stdout.split(`${MARK}\n`).map((said) => said.trim());
  };

  it(
    'takes user, name, host key, address and size from its seed, and no password',
    { timeout: TIMEOUT_MS },
    async () => {
      const [running, result, who, keys, held, size, open] = await ask(
        HAS_STARTED,
        RESULT,
        'whoami; sudo -n id -u; hostname; hostname -I',
        'ls /etc/ssh/ssh_host_*_key',
        HOST_KEY,
        ROOT_SIZE,
        `sudo awk -F: '$2 !~ /^[!*]/ {print $1}' /etc/shadow`,
      );
      expect(running).toBe('running');
      expect(JSON.parse(result ?? '')).toEqual(WENT_WELL);
      expect(who).toBe(`debian\n0\nhamster-cloud-init\n${endpoint.host}`);
      expect(keys).toBe('/etc/ssh/ssh_host_ed25519_key');
      expect(held).toBe(hostKey);
      expect(Number(size)).toBeGreaterThan(4.5 * GIB_IN_MIB);
      expect(open).toBe('');
    },
  );

  it('lets nobody in but by key, and as nobody else', { timeout: TIMEOUT_MS }, async () => {
    const byPassword = login({ endpoint, password: '', command: 'true' }, TIMEOUT_MS);
    await expect(byPassword).rejects.toThrow(/authentication methods failed/);
    const root = { ...endpoint, user: 'root' };
    const asRoot = await login(
      { endpoint: root, privateKey: renter.privateKey, command: 'id -u' },
      TIMEOUT_MS,
    )
      .then(({ stdout }) => stdout)
      .catch(() => 'refused');
    expect(asRoot).not.toBe('0\n');
  });

  it(
    'keeps files, keys, name and host key over a restart, and grows again',
    { timeout: TIMEOUT_MS },
    async () => {
      await ask('sudo hostnamectl set-hostname mine && echo kept > file && sync');
      await driver.resize(order.leaseId, { ...spec, diskGib: 6 });
      await driver.reboot(order.leaseId);
      expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
      const [running, result, kept, size] = await ask(HAS_STARTED, RESULT, 'cat file; hostname', ROOT_SIZE);
      expect(running).toBe('running');
      expect(JSON.parse(result ?? '')).toEqual(WENT_WELL);
      expect(kept).toBe('kept\nmine');
      expect(Number(size)).toBeGreaterThan(5.5 * GIB_IN_MIB);
    },
  );

  it('is new after a reinstall, with the same host key', { timeout: TIMEOUT_MS }, async () => {
    await driver.reinstall(order.leaseId, order.image);
    expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
    expect(await ask('ls; hostname', HOST_KEY)).toEqual(['hamster-cloud-init', hostKey, '']);
  });
});
