import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { killProvider } from './support/kill-provider.ts';

const TIMEOUT_MS = 300_000;

describeWith(await virtualMachineRequirements(), 'machines booted ahead by a driver that is killed', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
  const wish = { image: 'tiny', spec, count: 1 };
  const order = (leaseId: string): MachineOrder => {
    return { leaseId, spec, image: 'tiny', sshPublicKeys: [renter.publicKey] };
  };
  let libvirt: Libvirt;
  let driver: MachineDriver;

  const domains = async (): Promise<string[]> => {
    const prefix = chainPrefix(world.chain);
    const names = (await libvirt.domains.list()).map(({ name }) => name);
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  };
  const isWarm = (key: string): boolean => key.startsWith('warm.');
  const hostNameOf = async (leaseId: string): Promise<string> => {
    const endpoint = await driver.endpoint(leaseId);
    const { privateKey } = renter;
    return (await login({ endpoint, privateKey, command: 'hostname' }, TIMEOUT_MS)).stdout.trim();
  };
  const kill = (work: { prepare: typeof wish } | { create: MachineOrder }, lastCall: string) => {
    const { chain, stateDir } = world;
    return killProvider({ chain, stateDir, catalogue: world.catalogue.directory, lastCall, ...work });
  };

  beforeAll(async () => {
    await world.setUp();
    libvirt = await connectLibvirt();
    driver = world.driver();
  }, TIMEOUT_MS);
  afterEach(async () => {
    for (const leaseId of ['a', 'b']) await driver.destroy(leaseId);
    await driver.prepare?.([]);
    expect(await domains()).toEqual([]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await driver.close();
    await libvirt.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('are nobody’s when they were held before they came to rest', { timeout: TIMEOUT_MS }, async () => {
    const given = new AbortController();
    const preparing = driver.prepare?.([wish], given.signal).catch(() => undefined);
    const booting = async () => {
      for (const domain of await libvirt.domains.list()) {
        if (!domain.name.startsWith(`${chainPrefix(world.chain)}warm.`)) continue;
        const xml = await libvirt.domains.xml(domain).catch(() => '');
        const { state } = await libvirt.domains.info(domain);
        if (state === 'running' && xml !== '' && !xml.includes("<link state='down'/>")) return domain;
      }
      return undefined;
    };
    const options = { signal: AbortSignal.timeout(TIMEOUT_MS), intervalMs: 50 };
    // As QEMU does when the disk of the host is full.
    await libvirt.domains.suspend(await pollUntil(booting, options));
    await driver.create(order('a'));
    expect(await domains()).toContain('a');
    given.abort();
    await preparing;
  });

  it(
    'are thrown away when they were not finished, or went on without an order',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await kill({ prepare: wish }, 'domains.updateDevice')).toBe('SIGKILL');
      const unfinished = await domains();
      expect(unfinished).toEqual([expect.stringMatching(/^warm\./)]);
      await driver.prepare?.([wish]);
      const [ready = '', ...more] = await domains();
      expect(more).toEqual([]);
      expect(unfinished).not.toContain(ready);

      expect(await kill({ create: order('a') }, 'domains.resume')).toBe('SIGKILL');
      await driver.create(order('a'));
      expect((await domains()).sort()).toEqual(['a', ready]);
      await driver.prepare?.([]);
      expect(await domains()).toEqual(['a']);
    },
  );

  it(
    'are their order’s alone, and built anew, when they were on the way to it',
    { timeout: TIMEOUT_MS },
    async () => {
      await driver.prepare?.([wish]);
      const [claimed = ''] = await domains();
      expect(await kill({ create: order('a') }, 'agent')).toBe('SIGKILL');
      await Promise.all([driver.create(order('a')), driver.create(order('b'))]);
      expect((await domains()).filter(isWarm)).toEqual([claimed]);
      expect((await domains()).sort()).toEqual(['b', claimed]);
      const keys = await Promise.all(['a', 'b'].map((leaseId) => driver.waitReady(leaseId)));
      expect(keys[0]).not.toEqual(keys[1]);
      for (const leaseId of ['a', 'b']) expect(await hostNameOf(leaseId)).toBe(`hamster-${leaseId}`);
    },
  );
});
