import { randomBytes } from 'node:crypto';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildImage, isUpToDate } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { roundTrip } from './support/file-transfer.ts';

const TIMEOUT_MS = 1_200_000;
/** Building the image, where it is not there yet, and a boot. */
const SET_UP_MS = 2_400_000;
const IMAGE = 'debian-12';

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'a virtual machine with Debian', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 512, diskGib: 4 };
  const orderOf = (leaseId: string): MachineOrder => {
    return { leaseId, spec, image: IMAGE, sshPublicKeys: [renter.publicKey] };
  };
  const hostKeys = new Map<string, string>();
  let driver: MachineDriver;

  const make = async (leaseId: string): Promise<void> => {
    await driver.create(orderOf(leaseId));
    hostKeys.set(leaseId, (await driver.waitReady(leaseId)).hostKey);
  };
  const run = async (leaseId: string, command: string): Promise<string> => {
    const endpoint = await driver.endpoint(leaseId);
    return (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout.trim();
  };
  /** What no two machines share. */
  const identity = async (leaseId: string): Promise<string[]> => {
    const key = 'ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key | cut -d" " -f1,2';
    return (await run(leaseId, `hostname; cat /etc/hostname /etc/machine-id; ${key}`)).split('\n');
  };

  beforeAll(async () => {
    await world.setUp();
    const found = (await world.catalogue.list()).find(({ name }) => name === IMAGE);
    if (found === undefined || !(await isUpToDate(found))) await buildImage(IMAGE, world.catalogue);
    driver = world.driver({ readyTimeoutMs: TIMEOUT_MS });
    await make('cold');
  }, SET_UP_MS);

  afterAll(async () => {
    for (const leaseId of ['cold', 'warm']) await driver.destroy(leaseId);
    await driver.prepare?.([]);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('is its renter’s alone, by key', { timeout: TIMEOUT_MS }, async () => {
    const [name, kept, , key] = await identity('cold');
    expect([name, kept, key]).toEqual(['hamster-cold', 'hamster-cold', hostKeys.get('cold')]);
    expect(await run('cold', `awk -F: '$2 !~ /^[!*]/ {print $1}' /etc/shadow`)).toBe('');
    expect(await run('cold', 'sshd -T | grep -E "^(password|kbdinteractive)authentication"')).toBe(
      'passwordauthentication no\nkbdinteractiveauthentication no',
    );
    const endpoint = await driver.endpoint('cold');
    const byPassword = login({ endpoint, password: '', command: 'true' }, TIMEOUT_MS);
    await expect(byPassword).rejects.toThrow(/authentication methods failed/);
  });

  it(
    'starts whole, on a disk as large as ordered, with nobody else’s tools',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await run('cold', 'systemctl is-system-running --wait')).toBe('running');
      expect(Number(await run('cold', 'df --output=size -B1M / | tail -1'))).toBeGreaterThan(3_700);
      expect(await run('cold', 'command -v cloud-init || echo none')).toBe('none');
    },
  );

  it('takes files and gives them back', { timeout: TIMEOUT_MS }, async () => {
    const hostKey = hostKeys.get('cold') ?? '';
    const endpoint = await driver.endpoint('cold');
    const content = randomBytes(50_000);
    for (const way of ['scp', 'scp -O', 'sftp', 'rsync'] as const) {
      const back = await roundTrip(way, { endpoint, privateKey: renter.privateKey, hostKey }, content);
      expect(back.equals(content), way).toBe(true);
    }
  });

  it(
    'is somebody else’s when it was booted ahead, with nothing of the other',
    { timeout: TIMEOUT_MS },
    async () => {
      await driver.prepare?.([{ image: IMAGE, spec, count: 1 }]);
      const started = Date.now();
      await make('warm');
      const tookMs = Date.now() - started;
      const [cold, warm] = [await identity('cold'), await identity('warm')];
      expect(warm.slice(0, 2)).toEqual(['hamster-warm', 'hamster-warm']);
      expect(warm[3]).toBe(hostKeys.get('warm'));
      expect(warm[2]).toMatch(/^[0-9a-f]{32}$/);
      expect(warm.filter((line) => cold.includes(line))).toEqual([]);
      expect(Math.abs(Number(await run('warm', 'date +%s')) - Date.now() / 1000)).toBeLessThan(60);
      // Booted for this order alone, it would have been up for less time than the order is old.
      const upMs = Number(await run('warm', 'cut -d" " -f1 /proc/uptime')) * 1000;
      expect(upMs).toBeGreaterThan(tookMs);
    },
  );
});
