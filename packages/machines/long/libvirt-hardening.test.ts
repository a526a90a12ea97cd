import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildImage } from '../src/index.ts';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
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
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let hostKey: string;

  beforeAll(async () => {
    await world.setUp();
    await buildImage('tiny', world.catalogue);
    driver = world.driver({ limits: { diskBytesPerSecond: 8 * MIB } });
    ({ endpoint } = await driver.create(order));
    ({ hostKey } = await driver.waitReady(order.leaseId));
  }, TIMEOUT_MS);

  afterAll(async () => {
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

  it('starts again, with its data, when it is told so from inside', { timeout: TIMEOUT_MS }, async () => {
    const bootId = 'cat /proc/sys/kernel/random/boot_id';
    const before = await run(`echo kept > file; ${bootId}`);
    await run('reboot').catch(() => 'went down before it said so');
    const isAnother = async (): Promise<true | undefined> => {
      const now = await run(bootId).catch(() => before);
      // A machine that goes down may answer with nothing.
      return (now !== before && now.length === before.length) || undefined;
    };
    await pollUntil(isAnother, { signal: AbortSignal.timeout(TIMEOUT_MS), intervalMs: 500 });
    expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
    expect(await run('cat file; hostname')).toBe('kept\nhamster-hard\n');
  });

  it('can be started again when it was powered off from inside', { timeout: TIMEOUT_MS }, async () => {
    await run('echo written > last');
    await run('poweroff').catch(() => 'went down before it said so');
    const isOff = async (): Promise<true | undefined> =>
      (await driver.inspect(order.leaseId))?.running === false || undefined;
    await pollUntil(isOff, { signal: AbortSignal.timeout(TIMEOUT_MS), intervalMs: 500 });
    const why = expect.stringContaining('the guest powered off by itself');
    expect(await driver.status(order.leaseId)).toEqual({ state: 'failed', why });
    await driver.start(order.leaseId);
    expect(await driver.waitReady(order.leaseId)).toEqual({ hostKey });
    expect(await run('cat last')).toBe('written\n');
  });

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
