import { isLive, type Lease } from '@hamster/chain-client';
import { devAccount } from '@hamster/daemon';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, BOB, outputOf, smallMachine } from '../e2e/support.ts';
import {
  Ends,
  eventually,
  Renter,
  runAppOrThrow,
  throwAwayNetwork,
  type LocalNetwork,
} from '../src/index.ts';
import { moneyOf, sumOf } from './chaos/books.ts';
import { Chance } from './chaos/chance.ts';
import { SIMULATED_HOUR_MS, writeFastChain } from './chaos/fast-chain.ts';
import { killAgainAndAgain, type Daemon } from './chaos/kills.ts';
import { surely, whenReachable } from './chaos/moments.ts';

/** Which daemon dies when; another life by HAMSTER_CHAOS_SEED. */
const SEED = Number(process.env['HAMSTER_CHAOS_SEED'] ?? 20);
const DAEMONS: readonly Daemon[] = ['node', 'gateway', 'provider'];
const SPEC = { cpuCores: 1, memoryMib: 256, diskGib: 1 };

describe(`an hour in which every daemon is killed at random (HAMSTER_CHAOS_SEED=${SEED})`, () => {
  let folder: string;
  let network: LocalNetwork & AsyncDisposable;
  let alice: Renter;
  const ends = new Ends();
  const stop = new AbortController();
  let lives: Promise<number[]> = Promise.resolve([]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-chaos-'));
    ends.defer(() => rm(folder, { recursive: true, force: true }));
    const chainSpec = join(folder, 'chain.json');
    await writeFastChain(chainSpec);
    const providerFlags = ['--offer-cores', '2'];
    network = ends.use(
      await throwAwayNetwork({ driver: 'process', images: ['process'], chainSpec, providerFlags }),
    );
    alice = new Renter({ network, account: 'alice' });
    outputOf(await alice.hamster(['rent', ...smallMachine(24)], 90_000));
    outputOf(await alice.inMachine(1, 'echo precious > data'));
    const chance = new Chance(SEED);
    lives = Promise.all(DAEMONS.map((daemon) => killAgainAndAgain(network, daemon, chance, stop.signal)));
    lives.catch(() => undefined);
  }, 400_000);
  afterAll(async () => {
    stop.abort();
    await lives.catch(() => undefined);
    await ends.all();
  }, 400_000);

  const leaseOf = async (renter: string): Promise<Lease | undefined> =>
    (await network.chain.leasesOf(renter)).at(-1);

  /** Orders until the provider has accepted: an order whose time is over has cost nothing. */
  async function rent(name: string, hours: number): Promise<Lease> {
    const { chain } = network;
    const signer = await devAccount(name);
    const sshPublicKey = (await chain.order(1))?.sshPublicKey ?? '';
    const order = chain.calls.resourceOrder.createOrder({
      ...{ resource: 1, spec: SPEC, hours, image: 'process', sshPublicKey },
      maxPricePerHour: 10n ** 15n,
    });
    const pending = async () =>
      (await chain.ordersOf(signer.address)).some(({ status }) => status === 'Pending');
    await surely(
      chain,
      async () => ((await pending()) ? undefined : chain.submit(order, signer)),
      async () => (await leaseOf(signer.address)) !== undefined,
    );
    return (await leaseOf(signer.address)) as Lease;
  }

  it('a renter ends a lease early, and is paid back', async () => {
    const { id } = await rent('dave', 24);
    const signer = await devAccount('dave');
    const { chain } = network;
    await surely(
      chain,
      () => chain.submit(chain.calls.resourceOrder.terminateLease(id), signer),
      async () => (await chain.lease(id))?.status === 'Terminated',
    );
    const lease = (await chain.lease(id)) as Lease;
    expect(lease).toMatchObject({ escrow: 0n, closed: { reason: 'TerminatedByRenter' } });
    expect(lease.paid + lease.refunded).toBe(24n * lease.pricePerHour);
    expect((await chain.balance(signer.address)).held).toBe(0n);
  }, 400_000);

  it('a lease of an hour lives to its end', async () => {
    const { id, pricePerHour } = await rent('eve', 1);
    const closed = await eventually(
      network.chain,
      whenReachable(async () => {
        const lease = await network.chain.lease(id);
        return lease?.closed ? lease : undefined;
      }),
      { what: 'the lease is over', signal: AbortSignal.timeout(SIMULATED_HOUR_MS * 3) },
    );
    expect(closed).toMatchObject({ status: 'Finished', escrow: 0n, closed: { reason: 'Completed' } });
    expect(closed.paid + closed.refunded).toBe(pricePerHour);
    expect(closed.paid).toBeGreaterThan(0n);
  }, 500_000);

  it('no machine is lost: the one that is still paid for runs, with its data and its keys', async () => {
    stop.abort();
    const kills = await lives;
    for (const count of kills) expect(count).toBeGreaterThan(1);
    const data = await eventually(
      network.chain,
      async () => {
        const { code, stdout } = await alice.inMachine(1, 'cat data');
        return code === 0 ? stdout.trim() : undefined;
      },
      { what: 'the machine answers', signal: AbortSignal.timeout(120_000) },
    );
    expect(data).toBe('precious');
    expect(await network.chain.lease(1)).toMatchObject({ status: 'Active', renter: ALICE });
  }, 400_000);

  it('no machine is left over: the host has those of live leases, and no process of another', async () => {
    const live = (await network.chain.leasesOfProvider(BOB)).filter(isLive).map(({ id }) => id);
    expect(live).toEqual([1]);
    const home = join(network.options.directory, 'provider');
    const machines = await eventually(
      network.chain,
      async () => {
        const listed = await machinesOf(home);
        return listed.length === live.length ? listed : undefined;
      },
      { what: 'the host has no machine too many', signal: AbortSignal.timeout(120_000) },
    );
    expect(machines).toMatchObject([{ leaseId: '1', running: true, wanted: 'running' }]);
    expect(await machinesWithProcesses(home)).toEqual(['1']);
  }, 200_000);

  it('no money is lost, and none is held that nothing explains', async () => {
    const { owned, issued } = await moneyOf(network.chain);
    expect(owned).toBe(issued);
    const leases = (await network.chain.leasesOfProvider(BOB)).filter(isLive);
    expect((await network.chain.balance(ALICE)).held).toBe(sumOf(leases, 'escrow'));
    expect((await network.chain.stake(BOB)).locked).toBe(sumOf(leases, 'collateral'));
  }, 60_000);
});

async function machinesOf(home: string): Promise<unknown[]> {
  const args = ['--home', home, '--driver', 'process', 'machines', 'list'];
  const { stdout } = await runAppOrThrow('provider', args, { signal: AbortSignal.timeout(60_000) });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

/** The machines below that folder which a running process names. */
async function machinesWithProcesses(home: string): Promise<string[]> {
  const found = new Set<string>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [, machine] = command.startsWith(process.execPath)
      ? (new RegExp(`${home}/[^\\0]*/machines/([^/\\0]+)`).exec(command) ?? [])
      : [];
    if (machine !== undefined) found.add(machine);
  }
  return [...found];
}
