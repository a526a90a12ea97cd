import { readdir, readFile } from 'node:fs/promises';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createLibvirtDriver } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { chainPrefix } from '../src/names.ts';
import { describeWith, requirement } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { PrivateLibvirtd } from './support/private-libvirtd.ts';

const TIMEOUT_MS = 300_000;
const root = await requirement('libvirt', () =>
  process.getuid?.() === 0 ? Promise.resolve() : Promise.reject(new Error('not root')),
);

describeWith([...(await virtualMachineRequirements()), root], 'libvirtd killed at work', () => {
  const world = new TestWorld();
  const daemon = new PrivateLibvirtd();
  const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
  const order: MachineOrder = {
    leaseId: '7',
    spec,
    image: 'tiny',
    sshPublicKeys: [generateSshKeyPair('renter').publicKey],
  };
  const wish = { image: 'tiny', spec, count: 1 };
  let driver: MachineDriver;
  /** The call in the middle of which libvirtd is killed, once. */
  let deadly: string | undefined;
  let struck = Promise.resolve();

  const strike = (): Promise<void> => {
    deadly = undefined;
    struck = daemon.kill();
    return struck;
  };
  /** The same object, in whose call of that name libvirtd is killed. */
  const striking = <T extends object>(target: T, path: readonly string[] = []): T =>
    new Proxy(target, {
      get(object, property) {
        const value = Reflect.get(object, property, object) as unknown;
        const name = [...path, String(property)];
        if (property === 'bounded')
          return (signal: AbortSignal) => striking((object as unknown as Libvirt).bounded(signal) as object);
        if (typeof value === 'object' && value !== null) return striking(value, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result = (value as (...all: unknown[]) => unknown).apply(object, args);
          if (deadly !== name.join('.')) return result;
          return Promise.all([result, strike()]).then(([answer]) => answer);
        };
      },
    });

  /** Whether its call was answered before or not, work of the driver ends, and libvirtd is started again. */
  const killedIn = async (call: string, work: () => Promise<unknown>): Promise<void> => {
    deadly = call;
    const failure = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure !== undefined)
      expect(failure).toMatchObject({ code: 'HypervisorFailed', fault: 'transient' });
    expect(deadly).toBeUndefined();
    await struck;
    await daemon.start();
  };

  const inDaemon = async <T>(task: (libvirt: Libvirt) => Promise<T>): Promise<T> => {
    const libvirt = await connectLibvirt({ socketPath: daemon.socketPath });
    return task(libvirt).finally(() => libvirt.close());
  };
  const left = async (): Promise<string[]> => {
    const prefix = chainPrefix(world.chain);
    const known = await inDaemon(async ({ domains, networks }) => [
      ...(await domains.list()),
      ...(await networks.list()),
    ]);
    const files = await readdir(world.stateDir, { recursive: true, withFileTypes: true });
    const running = await Promise.all(
      (await readdir('/proc'))
        .filter(Number)
        .map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
    );
    return [
      ...known.map(({ name }) => name).filter((name) => name.startsWith(prefix)),
      ...files.filter((each) => each.isFile()).map(({ name }) => name),
      ...running
        .filter((line) => line.includes(prefix))
        .map((line) => line.slice(0, 100).replaceAll('\0', ' ')),
    ];
  };

  beforeAll(async () => {
    await world.setUp();
    await daemon.setUp();
    await daemon.start();
    const { chain, stateDir, catalogue } = world;
    driver = createLibvirtDriver(
      { chain, stateDir, allowUnfiltered: true, acceleration: 'emulated' },
      {
        catalogue,
        connect: async () => striking(await connectLibvirt({ socketPath: daemon.socketPath })) as Libvirt,
      },
    );
  }, TIMEOUT_MS);
  afterAll(async () => {
    await driver.close();
    await daemon.tearDown();
    await world.tearDown();
  }, TIMEOUT_MS);

  afterEach(async () => {
    await driver.destroy(order.leaseId);
    await driver.prepare?.([]);
    expect(await left()).toEqual([]);
  }, TIMEOUT_MS);

  it.for(['domains.define', 'domains.create', 'domains.updateDevice', 'domains.setMetadata'])(
    'in %s for an order, which is fulfilled afterwards',
    { timeout: TIMEOUT_MS },
    async (call) => {
      await killedIn(call, () => driver.create(order));
      await driver.create(order);
      expect(await driver.list()).toMatchObject([{ leaseId: order.leaseId, running: true }]);
      expect((await left()).filter((each) => each.includes('qemu-system'))).toHaveLength(1);
    },
  );

  it.for(['domains.create', 'agent'])(
    'in %s for a machine that is booted ahead, of which nothing is left afterwards',
    { timeout: TIMEOUT_MS },
    async (call) => {
      await killedIn(call, async () => driver.prepare?.([wish]));
      // Not even where an order comes first.
      await driver.create(order);
      expect(await driver.list()).toMatchObject([{ leaseId: order.leaseId, running: true }]);
    },
  );
});
