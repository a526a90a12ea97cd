import { afterAll, beforeAll, expect, it } from 'vitest';
import { join } from 'node:path';
import {
  eventually,
  Renter,
  runProgram,
  throwAwayNetwork,
  type CommandResult,
  type DriverName,
  type LocalNetwork,
} from '../src/index.ts';
import { ALICE, BOB, outputOf } from './support.ts';

interface MainJob {
  readonly driver: DriverName;
  readonly image: string;
  /** What the machine has to say of itself. */
  readonly checkInside: (inside: (command: string) => Promise<string>) => Promise<void>;
}

/** The main job over real processes, the same for each driver: rent, log in, look around, terminate, get the money back. */
export function mainJob({ driver, image, checkInside }: MainJob): void {
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const rentFlags = [
    '--cores',
    '1',
    '--memory',
    '512M',
    '--disk',
    '1G',
    '--hours',
    '2',
    '--image',
    image,
    '--yes',
  ];

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver, images: [image] });
    renter = new Renter({ network, account: 'alice' });
    await eventually(network.chain, async () => (await network.chain.offers())[0], {
      what: 'the offer is in the market',
      signal: AbortSignal.timeout(60_000),
    });
  }, 240_000);
  afterAll(() => network[Symbol.asyncDispose](), 90_000);

  it('shows the offer with what it honestly is', async () => {
    const [offer] = JSON.parse(outputOf(await renter.hamster(['market', '--json']))) as {
      virtualization: string;
    }[];
    expect(offer?.virtualization).toEqual(
      driver === 'process' ? 'Process' : expect.stringMatching(/Kvm|Emulated/),
    );
  });

  it('rents a machine: the money is in escrow, the lease runs', async () => {
    outputOf(await renter.hamster(['rent', ...rentFlags], 180_000));
    const lease = await network.chain.lease(1);
    expect(lease).toMatchObject({
      renter: ALICE,
      provider: BOB,
      status: 'Active',
      spec: { cpuCores: 1, memoryMib: 512 },
    });
    const { held } = await network.chain.balance(ALICE);
    expect(held).toBe(lease?.escrow);
    expect(lease?.escrow).toBeGreaterThan(0n);
  }, 200_000);

  it('logs in through the gateway and finds what was ordered', async () => {
    const inside = async (command: string): Promise<string> =>
      outputOf(await renter.inMachine(1, command)).trim();
    expect(await inside('nproc')).toBe('1');
    expect(await inside('echo over and out')).toBe('over and out');
    await checkInside(inside);
  }, 120_000);

  it('hands on the exit code of the remote command', async () => {
    expect((await renter.inMachine(1, 'exit 7')).code).toBe(7);
  }, 60_000);

  it('pipes bytes through, both ways, and ends when the input ends', async () => {
    const input = 'hamster\n'.repeat(50_000);
    expect(outputOf(await renter.inMachine(1, 'cat', input))).toBe(input);
  }, 60_000);

  it('lets plain ssh in by the written config, pinned to the host key on chain', async () => {
    outputOf(await renter.hamster(['ssh-config']));
    const file = join(renter.home, 'ssh/config');
    const ssh = (...extra: string[]): Promise<CommandResult> =>
      runProgram('ssh', ['-F', file, '-o', 'BatchMode=yes', ...extra, 'hamster-1', 'echo', 'plain'], {
        signal: AbortSignal.timeout(60_000),
      });
    expect(outputOf(await ssh()).trim()).toBe('plain');
    const withoutKey = await ssh('-o', 'PubkeyAuthentication=no');
    const [, offered] = /Permission denied \(([^)]*)\)/.exec(withoutKey.stderr) ?? [];
    expect(offered, withoutKey.stderr).toBeDefined();
    expect(offered).not.toContain('password');
  }, 120_000);

  it('lets nobody else in', async () => {
    const stranger = new Renter({ network, account: 'eve' });
    const { code, stderr } = await stranger.inMachine(1, 'id');
    expect(code).toBe(4);
    expect(stderr).toMatch(/lease 1/i);
  }, 60_000);

  it('says what is wrong with orders that cannot be', async () => {
    const tooMuch = await renter.hamster(['rent', ...rentFlags, '--cores', '500']);
    expect(tooMuch.code).not.toBe(0);
    expect(tooMuch.stderr).toMatch(/no machine fits/i);
    const nonsense = await renter.hamster(['rent', ...rentFlags, '--hours', 'many']);
    expect(nonsense.code).toBe(2);
    expect(nonsense.stderr).toMatch(/whole number/);
    expect(await network.chain.order(2)).toBeUndefined();
  }, 60_000);

  it('terminates: the machine is gone, the rest of the money is back, nothing stays held', async () => {
    const before = await network.chain.balance(ALICE);
    const started = await network.chain.lease(1);
    outputOf(await renter.hamster(['terminate', '1', '--yes']));
    const lease = await network.chain.lease(1);
    expect(lease).toMatchObject({
      status: 'Terminated',
      escrow: 0n,
      closed: { reason: 'TerminatedByRenter' },
    });
    const rent = 2n * (lease?.pricePerHour ?? 0n);
    expect((lease?.paid ?? 0n) + (lease?.refunded ?? 0n)).toBe(rent);
    expect(lease?.refunded).toBeGreaterThan(0n);
    const after = await network.chain.balance(ALICE);
    expect(after.held).toBe(before.held - (started?.escrow ?? 0n));
    expect((await network.chain.stake(BOB)).locked).toBe(0n);
    await eventually(
      network.chain,
      async () => ((await renter.inMachine(1, 'true')).code === 0 ? undefined : true),
      { what: 'the machine cannot be reached any more', signal: AbortSignal.timeout(60_000) },
    );
  }, 120_000);
}
