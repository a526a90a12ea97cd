import { devAccount } from '@hamster/daemon';
import { describeWith } from '@hamster/libvirt/testing';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, outputOf, smallMachine } from '../../e2e/support.ts';
import { anyPorts, Ends, eventually, LocalNetwork, Renter, runApp } from '../../src/index.ts';
import { hostHas } from './host.ts';
import { SmallDisk, smallDiskRequirement } from './small-disk.ts';

/** Of which half is offered. */
const DISK_MIB = 5 * 1024;

describeWith([await smallDiskRequirement()], 'a provider whose disk is full', () => {
  let directory: string;
  let disk: SmallDisk;
  let network: LocalNetwork;
  let renter: Renter;
  /** Each thing is to be ended from when it is there: a mount would outlive the test. */
  const ends = new Ends();
  const patience = () => AbortSignal.timeout(180_000);
  const dataOf = async (lease: number) => outputOf(await renter.inMachine(lease, 'cat data')).trim();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-disk-'));
    ends.defer(() => rm(directory, { recursive: true, force: true }));
    disk = await SmallDisk.at(join(directory, 'provider'), DISK_MIB);
    ends.defer(() => disk.unmount());
    const providerFlags = ['--offer-cores', '2'];
    const options = { driver: 'process', images: ['process'], dapp: false, providerFlags } as const;
    network = new LocalNetwork({ directory, ports: await anyPorts(), ...options });
    ends.defer(() => network.stop());
    await network.start(AbortSignal.timeout(240_000));
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(3)], 240_000));
    outputOf(await renter.inMachine(1, 'echo precious > data'));
    await disk.fill();
  }, 600_000);
  afterAll(() => ends.all(), 120_000);

  it('refuses an order, says why on both sides, and leaves nothing of it; the renter has the money back', async () => {
    const { code, stdout, stderr } = await renter.hamster(['rent', ...smallMachine(3)], 240_000);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("The provider's disk is full");
    expect(network.part('provider').tail).toMatch(/order refused .*no space left on device/);
    await hostHas(network, ['1'], patience());
    const lease = await network.chain.lease(1);
    expect((await network.chain.balance(ALICE)).held).toBe(lease?.escrow);
  }, 600_000);

  it('goes on with the lease that runs, whose renter can stop and start it', async () => {
    expect(await dataOf(1)).toBe('precious');
    expect(await network.chain.lease(1)).toMatchObject({ status: 'Active' });
  }, 600_000);

  it('has a doctor who says so, and what to do', async () => {
    const flags = [
      '--home',
      disk.path,
      '--chain',
      network.rpcUrl,
      '--dev-account',
      'bob',
      '--driver',
      'process',
    ];
    const { code, stdout } = await runApp('provider', [...flags, 'doctor'], { signal: patience() });
    expect(code).toBe(1);
    expect(stdout).toMatch(/STOPS +disk: .*0 MiB.*[Ff]ree/);
  }, 600_000);

  it('starts again after a kill all the same, with every note whole, and serves the lease', async () => {
    const provider = network.part('provider');
    provider.kill('SIGKILL');
    await provider.exited;
    await network.startProvider(patience());
    expect(await dataOf(1)).toBe('precious');
    for (const name of await readdir(disk.path, { recursive: true })) {
      if (!name.endsWith('.json') || name.includes('/home/')) continue;
      const text = await readFile(join(disk.path, name), 'utf8');
      expect(() => JSON.parse(text) as unknown, name).not.toThrow();
    }
  }, 600_000);

  it('takes orders again by itself once there is room', async () => {
    await disk.makeRoom();
    const { chain } = network;
    const key = (await chain.lease(1))?.sshPublicKey ?? '';
    const spec = { cpuCores: 1, memoryMib: 256, diskGib: 1 };
    const terms = { resource: 1, spec, hours: 2, image: 'process', sshPublicKey: key };
    const order = chain.calls.resourceOrder.createOrder({ ...terms, maxPricePerHour: 10n ** 15n });
    await chain.submit(order, await devAccount('alice'));
    const lease = await eventually(chain, () => chain.lease(3), { what: 'lease 3', signal: patience() });
    expect(lease).toMatchObject({ status: 'Active' });
    await hostHas(network, ['1', '3'], patience());
  }, 600_000);
});
