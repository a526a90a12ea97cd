import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devAccount } from '@hamster/daemon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, smallMachine } from '../e2e/support.ts';
import {
  appMain,
  Ends,
  ManagedProcess,
  Renter,
  ROOT,
  runApp,
  type CommandResult,
  type LocalNetwork,
} from '../src/index.ts';
import { networkOfBlocks, type BlockMaker } from './life/block-maker.ts';
import { setClock, settableClock, wrongClock } from './life/clock.ts';

const HOUR_MS = 3_600_000;

describe('leases on a chain whose every block is told', () => {
  let folder: string;
  let network: LocalNetwork;
  let blocks: BlockMaker;
  let alice: Renter;
  const ends = new Ends();
  const patience = () => AbortSignal.timeout(120_000);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-standing-'));
    ends.defer(() => rm(folder, { recursive: true, force: true }));
    const providerEnv = settableClock(join(folder, 'clock.json'));
    ({ network, blocks } = await networkOfBlocks(ends, {
      providerFlags: ['--offer-cores', '2'],
      providerEnv,
    }));
    alice = new Renter({ network, account: 'alice' });
    outputOf(await alice.hamster(['rent', ...smallMachine(2)], 120_000));
    outputOf(await alice.hamster(['rent', ...smallMachine(2)], 120_000));
    await blocks.pause();
  }, 400_000);
  afterAll(() => ends.all(), 120_000);

  const flags = (): string[] => ['--home', alice.home, '--chain', network.rpcUrl, '--dev-account', 'alice'];
  /** By a renter whose clock is wrong. */
  const sayHere = (env: NodeJS.ProcessEnv): Promise<CommandResult> =>
    runApp('client', [...flags(), 'ssh', '1', '--', 'echo here'], { signal: patience(), env });

  function begin(name: string, ...args: string[]): ManagedProcess {
    const process_ = new ManagedProcess({
      ...{ name, command: process.execPath, args: [appMain('client'), ...flags(), ...args], cwd: ROOT },
      logFile: join(folder, `${name}.log`),
    });
    ends.defer(() => process_.stop());
    return process_;
  }

  it('lets renters in, with new grants, after it has stood still for a day and a half, whatever their clocks say', async () => {
    const before = await network.chain.bestNumber();
    await setClock(
      network.part('provider'),
      join(folder, 'clock.json'),
      { elapsedMs: 36 * HOUR_MS },
      patience(),
    );
    for (const aheadMs of [0, 48 * HOUR_MS, -48 * HOUR_MS]) {
      await rm(join(alice.home, 'sessions'), { recursive: true, force: true });
      expect(outputOf(await sayHere(wrongClock(aheadMs))).trim()).toBe('here');
      expect(outputOf(await sayHere(wrongClock(aheadMs))).trim()).toBe('here');
    }
    expect(await network.chain.bestNumber()).toBe(before);
  }, 400_000);

  it('lets nobody new in while it is away, and the provider says why', async () => {
    const node = network.part('node');
    node.kill('SIGKILL');
    await node.exited;
    const { code, stderr } = await sayHere(wrongClock(48 * HOUR_MS));
    expect(stderr).toMatch(
      /The provider cannot reach the chain now, so it cannot tell whether lease 1 still runs/,
    );
    expect(code).not.toBe(0);
    await network.startNode(patience());
    await network.part('node').printed(/ ready$/, patience());
    expect(outputOf(await sayHere({})).trim()).toBe('here');
  }, 400_000);

  /** An SSH session and a forward of a lease, each with somebody on it. */
  async function streamsOf(
    lease: number,
  ): Promise<{ readonly session: ManagedProcess; readonly forward: Socket }> {
    const session = begin(`session-${lease}`, 'ssh', String(lease), '--', 'echo inside; sleep 3600');
    await session.printed(/^inside$/, patience());
    const forwarding = begin(`forward-${lease}`, 'forward', String(lease), '0:22');
    await forwarding.printed(/leads to port 22/, patience());
    const forward = connect(Number(/127\.0\.0\.1:(\d+) leads/.exec(forwarding.tail)?.[1]), '127.0.0.1');
    const [banner] = (await once(forward, 'data', { signal: patience() })) as [Buffer];
    expect(String(banner)).toContain('SSH-2.0');
    return { session, forward };
  }

  it.each<[string, number, (lease: number) => Promise<void>]>([
    [
      'is ended by its renter',
      1,
      async (lease) => {
        const call = network.chain.calls.resourceOrder.terminateLease(lease);
        await call.signAndSend(await devAccount('alice'));
      },
    ],
    [
      'comes to its end',
      2,
      async (lease) => blocks.travel((await network.chain.lease(lease))?.endsAt ?? Infinity),
    ],
  ])(
    'a lease that %s: no further block comes before its streams end, at both sides',
    async (_, lease, end) => {
      const { session, forward } = await streamsOf(lease);
      // Cut off rather than ended: what it could still bring is nobody's any more.
      forward.on('error', () => undefined);
      const cut = new Promise<void>((resolve) => forward.once('close', () => resolve()));
      const over = Promise.all([session.exited, cut]);
      await end(lease);
      const before = await network.chain.bestNumber();
      await blocks.block();
      expect((await network.chain.lease(lease))?.closed).toBeDefined();
      await over;
      expect(await network.chain.bestNumber()).toBe(before + 1);
    },
    400_000,
  );
});
