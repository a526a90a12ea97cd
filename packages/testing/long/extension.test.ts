import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { devAccount } from '@hamster/daemon';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ALICE, outputOf, smallMachine } from '../e2e/support.ts';
import { appMain, Ends, eventually, ManagedProcess, Renter, ROOT, type LocalNetwork } from '../src/index.ts';
import { networkOfBlocks, type BlockMaker } from './life/block-maker.ts';
import { diesAt, type Moment } from './life/moment.ts';

/** Of a development chain, ms. */
const HOUR = 600_000;

describe('leases that the renter’s daemon extends', () => {
  let network: LocalNetwork;
  let blocks: BlockMaker;
  let alice: Renter;
  let daemon: ManagedProcess;
  let perHour: bigint;
  const ends = new Ends();
  const patience = () => AbortSignal.timeout(120_000);

  beforeAll(async () => {
    ({ network, blocks } = await networkOfBlocks(ends));
    alice = new Renter({ network, account: 'alice' });
    outputOf(await alice.hamster(['rent', ...smallMachine(1)], 90_000));
    perHour = (await network.chain.lease(1))?.pricePerHour ?? 0n;
    expect(perHour).toBeGreaterThan(0n);
  }, 240_000);
  afterEach(async () => {
    if (daemon.running) await daemon.stop();
  }, 30_000);
  afterAll(() => ends.all(), 120_000);

  /** The daemon with that cap, in hours of rent. */
  function start(capHours: number, account = 'alice', env?: NodeJS.ProcessEnv): void {
    const cap = `0.${(perHour * BigInt(capHours)).toString().padStart(12, '0')}`;
    const home = ['--home', alice.home, '--chain', network.rpcUrl, '--dev-account', account];
    daemon = new ManagedProcess({
      name: 'daemon',
      command: process.execPath,
      args: [appMain('client'), ...home, 'daemon', '--extend-cap', cap, '--no-api'],
      cwd: ROOT,
      logFile: join(network.options.directory, 'daemon.log'),
      ...(env && { env }),
    });
  }

  /** So much of a billed hour before the lease's end. */
  async function comesToItsEnd(part: number): Promise<void> {
    const lease = await network.chain.lease(1);
    await blocks.pause();
    await blocks.travel((lease?.endsAt ?? 0) - part * HOUR);
    blocks.goOn();
  }

  const hoursBought = async (): Promise<number> => {
    const lease = await network.chain.lease(1);
    return Math.round(((lease?.endsAt ?? 0) - (lease?.startedAt ?? 0)) / HOUR);
  };
  const isExtendedTo = (hours: number): Promise<true> =>
    eventually(network.chain, async () => ((await hoursBought()) === hours ? true : undefined), {
      ...{ what: `the lease lasts ${hours} hours`, signal: patience() },
    });
  /** Extensions of which the daemon does not know yet what became of them. */
  const open = async (): Promise<number> => {
    const text = await readFile(join(alice.home, 'daemon/extensions.json'), 'utf8');
    const [book] = Object.values(JSON.parse(text) as Record<string, { open: unknown[] }>);
    return book?.open.length ?? 0;
  };

  it('warns an hour before the end, and where the money does not suffice says so', async () => {
    start(5);
    await daemon.printed(/ends in \d+ min.*Extend it with: hamster extend 1/, patience());
    const { chain } = network;
    const { transferable } = await chain.balance(ALICE);
    const pair = await devAccount('alice');
    const { address: eve } = await devAccount('eve');
    // What was paid for the time that is leapt over comes back, as nobody proves it.
    const left = perHour / 10n;
    await chain.submit(chain.calls.transfer(eve, transferable - left), pair);
    await comesToItsEnd(0.2);
    await daemon.printed(
      /is not extended: an hour costs .* and the account has .*Send money to it/,
      patience(),
    );
    expect(await hoursBought()).toBe(1);
    await chain.submit(chain.calls.transfer(ALICE, transferable / 2n), await devAccount('eve'));
    await isExtendedTo(2);
    await daemon.printed(/extended for /, patience());
  }, 400_000);

  it.each<[string, Moment['when']]>([
    ['before the node heard of it', 'before'],
    ['when the node had it and no block did', 'after'],
  ])(
    'killed %s, it pays once: the next daemon goes on where that one was',
    async (_, when) => {
      const hours = await hoursBought();
      const { nonce } = await network.chain.balance(ALICE);
      start(20, 'alice', diesAt({ call: 'send', when, about: 'author_submit' }));
      await daemon.printed(/ ready$/, patience());
      await blocks.pause();
      await blocks.travel(((await network.chain.lease(1))?.endsAt ?? 0) - 0.2 * HOUR);
      await blocks.block();
      expect(await daemon.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(await open()).toBe(1);
      expect(await hoursBought()).toBe(hours);
      start(20);
      await daemon.printed(/ ready$/, patience());
      blocks.goOn();
      await isExtendedTo(hours + 1);
      await eventually(network.chain, async () => ((await open()) === 0 ? true : undefined), {
        ...{ what: 'the daemon knows what became of it', signal: patience() },
      });
      expect(await hoursBought()).toBe(hours + 1);
      expect((await network.chain.balance(ALICE)).nonce).toBe(nonce + 1);
    },
    400_000,
  );

  it('never spends more than it may, counts what it spent before, and says why it stops', async () => {
    const hours = await hoursBought();
    // Three were bought by the daemons before.
    start(4);
    await comesToItsEnd(0.2);
    await isExtendedTo(hours + 1);
    await comesToItsEnd(0.2);
    await daemon.printed(/is not extended: of the .* that may be spent, .* are spent/, patience());
    expect(await hoursBought()).toBe(hours + 1);
    expect(await network.chain.lease(1)).toMatchObject({ status: 'Active' });
  }, 400_000);
});
