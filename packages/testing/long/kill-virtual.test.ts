import { isLive } from '@hamster/chain-client';
import { describeWith, libvirtRequirement } from '@hamster/libvirt/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BOB, outputOf } from '../e2e/support.ts';
import {
  Ends,
  eventually,
  Renter,
  runAppOrThrow,
  throwAwayNetwork,
  type LocalNetwork,
} from '../src/index.ts';
import { writeOwnChain } from './chaos/fast-chain.ts';
import { isHeldReady, virtualHost, virtualHostHas } from './life/virtual-host.ts';
import { diesAt, type Moment } from './life/moment.ts';

/** Numbers of libvirt's procedures. */
const PROCEDURE = { createXml: 10, resume: 28, networkUndefine: 49, shutdown: 258, define: 350 };
const answered = (procedure: number): Moment => ({
  ...{ call: 'libvirt', when: 'after', about: `^${procedure}$` },
});

const DEFINED = answered(PROCEDURE.define);
const OVERLAY: Moment = { call: 'spawn', when: 'after', about: 'qemu-img create' };
const STARTED = answered(PROCEDURE.createXml);
const TAKEN = answered(PROCEDURE.resume);
/** By definition, and not yet by what runs. */
const RESIZED: Moment = { call: 'libvirt', when: 'before', about: `^${PROCEDURE.shutdown}$` };
/** The second time: the first is for the reinstallation that is brought to its end. */
const WIPED: Moment = { call: 'rm', when: 'before', about: 'disks/[^/]*-1\\.qcow2$', times: 2 };
const CUT_OFF = answered(PROCEDURE.networkUndefine);
const RENT = '--cores 1 --memory 256M --disk 1G --hours 3 --image tiny --yes'.split(' ');

describeWith(
  [await libvirtRequirement()],
  'a provider that is killed in the middle of a virtual machine',
  () => {
    let network: LocalNetwork;
    const ends = new Ends();
    let renter: Renter;
    const patience = () => AbortSignal.timeout(240_000);
    const hamster = (...args: string[]) => renter.hamster(args, 300_000);
    const died = async () =>
      expect(await network.part('provider').exited).toMatchObject({ signal: 'SIGKILL' });
    const start = (next?: Moment, ...flags: string[]) =>
      network.startProvider(patience(), flags, next && diesAt(next));
    const data = async (lease: number) =>
      outputOf(await renter.inMachine(lease, 'cat data || echo gone')).trim();

    const liveLeases = async (): Promise<number[]> =>
      (await network.chain.leasesOfProvider(BOB)).filter(isLive).map(({ id }) => id);
    const isLeased = (id: number): Promise<true> =>
      eventually(network.chain, async () => ((await liveLeases()).includes(id) ? true : undefined), {
        ...{ what: `lease ${id} runs`, signal: patience() },
      });

    beforeAll(async () => {
      await runAppOrThrow('provider', ['image', 'build', 'tiny'], { signal: AbortSignal.timeout(300_000) });
      const folder = await mkdtemp(join(tmpdir(), 'hamster-virtual-'));
      ends.defer(() => rm(folder, { recursive: true, force: true }));
      const chainSpec = join(folder, 'chain.json');
      await writeOwnChain(chainSpec);
      network = ends.use(await throwAwayNetwork({ driver: 'libvirt', images: ['tiny'], chainSpec }));
      renter = new Renter({ network, account: 'alice' });
      await network.part('provider').stop();
      await start(DEFINED);
    }, 600_000);
    afterAll(() => ends.all(), 180_000);

    it('made: defined, with half a disk, started; the order becomes one lease with one machine', async () => {
      const renting = hamster('rent', ...RENT);
      await died();
      for (const next of [OVERLAY, STARTED]) {
        await start(next);
        await died();
        expect((await virtualHost(network)).domains).toEqual(['1']);
      }
      await start(RESIZED);
      outputOf(await renting);
      expect(await liveLeases()).toEqual([1]);
      await virtualHostHas(network, ['1'], patience());
      outputOf(await renter.inMachine(1, 'echo precious > data; sync'));
    }, 600_000);

    it('resized: it is whole and has its data', async () => {
      expect((await hamster('resize', '1', '--memory', '192M', '--yes')).code).not.toBe(0);
      await died();
      await start(OVERLAY);
      expect(await data(1)).toBe('precious');
      await virtualHostHas(network, ['1'], patience());
    }, 600_000);

    it('reinstalled: it is new, runs, and is there once', async () => {
      expect((await hamster('reinstall', '1', '--image', 'tiny', '--yes')).code).not.toBe(0);
      await died();
      await start(WIPED);
      await eventually(
        network.chain,
        async () => ((await renter.inMachine(1, 'true')).code === 0 ? true : undefined),
        { what: 'the new machine lets its renter in', signal: patience() },
      );
      expect(await data(1)).toBe('gone');
      await virtualHostHas(network, ['1'], patience());
    }, 600_000);

    it('destroyed and wiped: the next ones finish it, and nothing is left of it', async () => {
      outputOf(await hamster('terminate', '1', '--yes'));
      await died();
      await start(CUT_OFF);
      await died();
      expect(await virtualHost(network)).toMatchObject({ domains: ['1'], networks: [] });
      await start();
      await virtualHostHas(network, [], patience());
    }, 600_000);

    it('claimed, when it had been booted for nobody: the order has a machine of its own, and that one is gone', async () => {
      await network.part('provider').stop();
      await start(TAKEN, '--warm', 'tiny:1:256:1');
      await eventually(network.chain, async () => ((await isHeldReady(network)) ? true : undefined), {
        what: 'a machine is booted for nobody, and held',
        signal: patience(),
      });
      const renting = hamster('rent', ...RENT);
      await died();
      await start();
      outputOf(await renting);
      await isLeased(2);
      await virtualHostHas(network, ['2'], patience());
      outputOf(await renter.inMachine(2, 'echo mine'));
      outputOf(await hamster('terminate', '2', '--yes'));
      await virtualHostHas(network, [], patience());
    }, 600_000);
  },
);
