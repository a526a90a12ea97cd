import { EventEmitter, once } from 'node:events';
import { connectLibvirt, watchDomains } from '@hamster/libvirt';
import type { WatchEvent } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineDriver } from '../src/index.ts';
import { agentAnswers, waitForAgent } from '../src/libvirt/guest-agent.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, requirement } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { PrivateLibvirtd } from './support/private-libvirtd.ts';

const TIMEOUT_MS = 300_000;
const root = await requirement('libvirt', () =>
  process.getuid?.() === 0 ? Promise.resolve() : Promise.reject(new Error('not root')),
);

describeWith([...(await virtualMachineRequirements()), root], 'libvirtd killed under a machine', () => {
  const world = new TestWorld();
  const daemon = new PrivateLibvirtd();
  const told = new EventEmitter();
  const events: WatchEvent[] = [];
  const stop = new AbortController();
  const domain = `${chainPrefix(world.chain)}7`;
  let watching: Promise<void>;
  let driver: MachineDriver;

  const until = async (seen: (event: WatchEvent) => boolean): Promise<void> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    while (!events.some(seen)) await once(told, 'event', { signal });
  };
  const inDaemon = async <T>(task: Parameters<typeof withLibvirt<T>>[1]): Promise<T> =>
    withLibvirt(daemon.socketPath, task);

  beforeAll(async () => {
    await world.setUp();
    await daemon.setUp();
    await daemon.start();
    driver = world.driver({ socketPath: daemon.socketPath, allowUnfiltered: true, acceleration: 'emulated' });
    watching = watchDomains({
      connect: (signal) => connectLibvirt({ socketPath: daemon.socketPath, signal }),
      onEvent: (event) => {
        events.push(event);
        told.emit('event');
      },
      signal: stop.signal,
    });
    await until(({ kind }) => kind === 'synced');
    const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
    const sshPublicKeys = [generateSshKeyPair('renter').publicKey];
    await driver.create({ leaseId: '7', spec, image: 'tiny', sshPublicKeys });
  }, TIMEOUT_MS);

  afterAll(async () => {
    stop.abort();
    await watching;
    await driver.destroy('7').finally(() => driver.close());
    await daemon.tearDown();
    await world.tearDown();
  }, TIMEOUT_MS);

  it('costs the machine nothing, and the driver goes on', { timeout: TIMEOUT_MS }, async () => {
    const before = await inDaemon(async (libvirt) => {
      const found = await libvirt.domains.lookupByName(domain);
      await waitForAgent({ libvirt, domain: found }, AbortSignal.timeout(TIMEOUT_MS));
      return found.id;
    });
    await daemon.kill();
    await expect(driver.inspect('7')).rejects.toMatchObject({ code: 'HypervisorFailed' });
    await until(({ kind }) => kind === 'lost');
    events.length = 0;
    await daemon.start();
    expect(await driver.inspect('7')).toMatchObject({ running: true, wanted: 'running', memoryMib: 192 });
    expect((await driver.list()).map(({ leaseId }) => leaseId)).toEqual(['7']);
    await inDaemon(async (libvirt) => {
      const found = await libvirt.domains.lookupByName(domain);
      // libvirt numbers starts: this is the one of before.
      expect(found.id).toBe(before);
      await waitForAgent({ libvirt, domain: found }, AbortSignal.timeout(TIMEOUT_MS));
      expect(await agentAnswers({ libvirt, domain: found })).toBe(true);
    });
  });

  it('does not end the telling of what happens to machines', { timeout: TIMEOUT_MS }, async () => {
    await until((event) => event.kind === 'synced' && event.domains.some(({ name }) => name === domain));
    await driver.stop('7');
    await until((event) => event.kind === 'lifecycle' && event.event === 'stopped');
    expect(await driver.status('7')).toEqual({ state: 'stopped' });
  });
});

type Client = Awaited<ReturnType<typeof connectLibvirt>>;

async function withLibvirt<T>(socketPath: string, task: (libvirt: Client) => Promise<T>): Promise<T> {
  const libvirt = await connectLibvirt({ socketPath });
  try {
    return await task(libvirt);
  } finally {
    await libvirt.close();
  }
}
