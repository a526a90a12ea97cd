import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildImage } from '../src/index.ts';
import type { Endpoint } from '../src/index.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 240_000;
const MIB = 1024 ** 2;

describeWith(await virtualMachineRequirements(), 'a virtual machine from inside', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const order = {
    leaseId: 'hard',
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    image: 'tiny',
    sshPublicKeys: [renter.publicKey],
  };
  let endpoint: Endpoint;
  let hostKey: string;

  beforeAll(async () => {
    await world.setUp();
    await buildImage('tiny', world.catalogue);
    const driver = world.driver({ limits: { diskBytesPerSecond: 8 * MIB } });
    ({ endpoint } = await driver.create(order));
    ({ hostKey } = await driver.waitReady(order.leaseId));
    await driver.close();
  }, TIMEOUT_MS);

  afterAll(async () => {
    const driver = world.driver();
    await driver.destroy(order.leaseId);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;

  it('knows no password, and has the host key that was told', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('grep -c ":\\*:" /etc/shadow')).toBe('2\n');
    const held = await run('dropbearkey -y -f /data/.hamster/ssh_host_ed25519_key | grep ^ssh-ed25519');
    expect(held.split(' ').slice(0, 2).join(' ')).toBe(hostKey);
  });

  it('has a name and an id of its own', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('hostname; grep -c " hamster-hard$" /etc/hosts')).toBe('hamster-hard\n1\n');
    expect(await run('cat /etc/machine-id')).toBe(await run('tr -d - </sys/class/dmi/id/product_uuid'));
  });

  it(
    'has no route to its host but the gateway, and none to private ranges',
    { timeout: TIMEOUT_MS },
    async () => {
      for (const address of ['10.1.2.3', '172.17.0.1', '192.168.1.1', '169.254.169.254']) {
        expect(await run(`nc -w 2 ${address} 22 </dev/null 2>/dev/null || echo closed`)).toBe('closed\n');
      }
    },
  );

  it(
    'feels its limits of CPUs, memory, disk and what the disk gives in a second',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await run('nproc')).toBe('1\n');
      const memory = Number((await run('grep MemTotal /proc/meminfo')).split(/ +/)[1]) / 1024;
      expect(memory).toBeLessThanOrEqual(order.spec.memoryMib);
      expect(Number(await run('cat /sys/block/vda/size')) * 512).toBe(1024 * MIB);
      const started = Date.now();
      await run('dd if=/dev/vda of=/dev/null bs=1M count=32 iflag=direct 2>/dev/null');
      expect(Date.now() - started).toBeGreaterThan(2_500);
    },
  );
});
