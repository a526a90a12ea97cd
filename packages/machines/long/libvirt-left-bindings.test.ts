import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { MachineError } from '../src/index.ts';
import type { MachineDriver, MachineOrder } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { tapsOf } from '../src/libvirt/close-link.ts';
import { FILTER_NAME } from '../src/libvirt/filter-xml.ts';
import { removeLeftBindings } from '../src/libvirt/left-bindings.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { describeWith } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 120_000;
/** So many of the next names for interfaces: others on this host may take one meanwhile. */
const LEFT = 2;

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'filters that libvirt bound for machines that are no more', () => {
  const world = new TestWorld();
  const owner = randomUUID();
  let driver: MachineDriver;
  let libvirt: Libvirt;

  const orderOf = (leaseId: string): MachineOrder => ({
    leaseId,
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    image: 'tiny',
    sshPublicKeys: [generateSshKeyPair('renter').publicKey],
  });
  const tapOf = async (leaseId: string): Promise<string> => {
    const { domain } = machineNames(world.chain, leaseId, world.stateDir);
    return tapsOf(await libvirt.domains.xml(await libvirt.domains.lookupByName(domain)))[0] ?? '';
  };
  const bound = async (): Promise<string[]> =>
    (await libvirt.filters.bindings()).map(({ portDevice }) => portDevice);
  const left = async (): Promise<string[]> => {
    const all = await libvirt.filters.bindings();
    const texts = await Promise.all(all.map((each) => libvirt.filters.bindingXml(each).catch(() => '')));
    return texts.filter((text) => text.includes(owner));
  };

  /** What a kill of libvirt and a machine leaves: a filter that is bound to an interface that is gone. */
  const leave = async (device: string): Promise<void> => {
    const file = join(world.stateDir, 'binding.xml');
    const parameters = [
      ['IP', '10.77.250.10'],
      ['GATEWAY', '10.77.250.1'],
      ['HOSTADDR', '255.255.255.255'],
    ].map(([name, value]) => `<parameter name='${name}' value='${value}'/>`);
    await writeFile(
      file,
      `<filterbinding><owner><name>gone</name><uuid>${owner}</uuid></owner><portdev name='${device}'/>` +
        `<mac address='52:54:00:01:02:03'/><filterref filter='${FILTER_NAME}'>${parameters.join('')}</filterref></filterbinding>`,
    );
    const add = runCommand('ip', ['tuntap', 'add', 'dev', device, 'mode', 'tap']);
    const isOurs = await add.then(
      () => true,
      (error: unknown) => {
        if (error instanceof MachineError && error.message.includes('busy')) return false;
        throw error;
      },
    );
    // Another machine of this host came first to that name.
    if (!isOurs) return;
    try {
      await runCommand('virsh', ['-c', 'qemu:///system', 'nwfilter-binding-create', file]);
    } finally {
      await runCommand('ip', ['tuntap', 'del', 'dev', device, 'mode', 'tap']);
    }
  };

  /** Leaves some at the names that the next machines' interfaces get. */
  const leaveAfter = async (tap: string): Promise<void> => {
    const last = Number(/^vnet(\d+)$/.exec(tap)?.[1]);
    for (let next = last + 1; next <= last + LEFT; next += 1) await leave(`vnet${next}`);
    expect(await left()).not.toEqual([]);
  };

  beforeAll(async () => {
    await world.setUp();
    libvirt = await connectLibvirt();
    await removeLeftBindings(libvirt);
    driver = world.driver({ acceleration: 'emulated', stopGraceMs: 100 });
    await driver.create(orderOf('first'));
  }, TIMEOUT_MS);
  afterEach(() => removeLeftBindings(libvirt));
  afterAll(async () => {
    for (const leaseId of ['first', 'second']) await driver.destroy(leaseId);
    await driver.close();
    await libvirt.close();
    await rm(join(world.stateDir, 'binding.xml'), { force: true });
    await world.tearDown();
  }, TIMEOUT_MS);

  it('do not keep a new machine from its own', { timeout: TIMEOUT_MS }, async () => {
    const running = await tapOf('first');
    await leaveAfter(running);
    await driver.create(orderOf('second'));
    expect(await left()).toEqual([]);
    expect(await bound()).toEqual(expect.arrayContaining([running, await tapOf('second')]));
  });

  it('do not keep a machine from starting again', { timeout: TIMEOUT_MS }, async () => {
    await driver.stop('first');
    await leaveAfter(await tapOf('second'));
    await driver.start('first');
    expect(await left()).toEqual([]);
    expect(await bound()).toEqual(expect.arrayContaining([await tapOf('first'), await tapOf('second')]));
  });

  it('of a machine that runs stay', { timeout: TIMEOUT_MS }, async () => {
    const taps = [await tapOf('first'), await tapOf('second')];
    expect(await bound()).toEqual(expect.arrayContaining(taps));
    await removeLeftBindings(libvirt);
    expect(await bound()).toEqual(expect.arrayContaining(taps));
  });
});
