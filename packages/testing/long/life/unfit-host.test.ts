import { devAccount } from '@hamster/daemon';
import { describeWith } from '@hamster/libvirt/testing';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BOB, outputOf, smallMachine } from '../../e2e/support.ts';
import { eventually, Renter, runApp, throwAwayNetwork, type LocalNetwork } from '../../src/index.ts';
import { hostHas, machinesFolder } from './host.ts';
import { askProvider } from './provider-api.ts';
import { makeReadOnly, makeWritable } from './read-only.ts';
import { smallDiskRequirement } from './small-disk.ts';

describeWith(
  [await smallDiskRequirement()],
  'a provider that starts on a host that is not fit any more',
  () => {
    let network: LocalNetwork & AsyncDisposable;
    let renter: Renter;
    let readOnly: string | undefined;
    const patience = () => AbortSignal.timeout(180_000);

    beforeAll(async () => {
      network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
      renter = new Renter({ network, account: 'alice' });
      outputOf(await renter.hamster(['rent', ...smallMachine(3)], 240_000));
      outputOf(await renter.inMachine(1, 'echo precious > data'));
    }, 600_000);
    afterAll(async () => {
      if (readOnly !== undefined) await makeWritable(readOnly);
      await network[Symbol.asyncDispose]();
    }, 180_000);

    const home = () => join(network.options.directory, 'provider');
    const kill = async (): Promise<void> => {
      const provider = network.part('provider');
      provider.kill('SIGKILL');
      await provider.exited;
    };
    const statusIs = (status: string): Promise<true> =>
      eventually(
        network.chain,
        async () => ((await network.chain.resourcesOf(BOB))[0]?.status === status ? true : undefined),
        { what: `the machine is ${status}`, signal: patience() },
      );
    const doctor = () => {
      const flags = [
        '--home',
        home(),
        '--chain',
        network.rpcUrl,
        '--dev-account',
        'bob',
        '--driver',
        'process',
      ];
      return runApp('provider', [...flags, 'doctor'], { signal: patience() });
    };
    /** That the chain got a report since. */
    const isReported = async (): Promise<void> => {
      const before = (await network.chain.lease(1))?.lastHeartbeat ?? 0;
      await eventually(
        network.chain,
        async () => ((await network.chain.lease(1))?.lastHeartbeat ?? 0) > before || undefined,
        { what: 'a report', signal: patience() },
      );
    };

    it('serves the lease that is paid for, tells everybody, and takes no order', async () => {
      await kill();
      readOnly = machinesFolder(network);
      await makeReadOnly(readOnly);
      await network.startProvider(patience());
      await statusIs('Offline');
      expect(outputOf(await renter.inMachine(1, 'cat data'))).toBe('precious\n');
      await isReported();
      expect(network.part('provider').tail).toContain('the leases that run on it are served');
      expect((await doctor()).stdout).toMatch(/STOPS +orders: This host cannot serve: .*read-only/);
      expect(await askProvider(network, 'GET', '/status')).toMatchObject({
        pulse: { leases: 1, hindrances: [{ stops: true }] },
      });
      const refused = await renter.hamster(['rent', ...smallMachine(3)], 60_000);
      expect(refused.code).not.toBe(0);
      const undrain = ['--home', home(), '--chain', network.rpcUrl, '--dev-account', 'bob', 'undrain'];
      const undrained = await runApp('provider', undrain, { signal: patience() });
      expect(undrained.stderr).toContain('This host cannot serve');
    }, 300_000);

    it('takes orders again by itself once it is mended', async () => {
      await makeWritable(readOnly ?? '');
      readOnly = undefined;
      await statusIs('Online');
      expect((await doctor()).stdout).not.toMatch(/STOPS +orders/);
    }, 300_000);

    it('offers the images that are left, and says which one is missing', async () => {
      await kill();
      await network.startProvider(patience(), ['--images', 'gone']);
      expect(await network.chain.resourcesOf(BOB)).toMatchObject([{ status: 'Online', images: ['process'] }]);
      expect((await doctor()).stdout).toMatch(/note +orders: There is no image gone here/);
      expect(outputOf(await renter.inMachine(1, 'cat data'))).toBe('precious\n');
    }, 300_000);

    it('ends a lease as ever, and without one the next start ends with the same sentence', async () => {
      const { chain } = network;
      await chain.submit(chain.calls.resourceOrder.terminateLease(1), await devAccount('alice'));
      await hostHas(network, [], patience());
      await kill();
      await expect(network.startProvider(patience(), ['--images', 'gone'])).rejects.toThrow(
        /There is no image gone here to offer/,
      );
    }, 300_000);
  },
);
