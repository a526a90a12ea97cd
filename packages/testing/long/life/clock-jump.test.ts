import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, smallMachine } from '../../e2e/support.ts';
import { Ends, eventually, Renter, throwAwayNetwork, type LocalNetwork } from '../../src/index.ts';
import { writeFastChain } from '../chaos/fast-chain.ts';
import { setClock, settableClock, type ClockChange } from './clock.ts';
import { hostHas, serversOf } from './host.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const REPORTS = 5;
/** Longer than a provider may have to wait for a busy host; what does not report at all is seen by its reports. */
const SUSPENDED_AFTER_MS = 80_000;

describe('a provider whose clock is set while it runs', () => {
  let folder: string;
  let file: string;
  let network: LocalNetwork & AsyncDisposable;
  let renter: Renter;
  const ends = new Ends();
  const patience = () => AbortSignal.timeout(180_000);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-clock-'));
    ends.defer(() => rm(folder, { recursive: true, force: true }));
    file = join(folder, 'clock.json');
    const chainSpec = join(folder, 'chain.json');
    await writeFastChain(chainSpec, { suspend_after: String(SUSPENDED_AFTER_MS) });
    network = ends.use(await throwAwayNetwork({ driver: 'process', images: ['process'], chainSpec }));
    await network.part('provider').stop();
    await network.startProvider(patience(), [], settableClock(file));
    renter = new Renter({ network, account: 'alice' });
    outputOf(await renter.hamster(['rent', ...smallMachine(24)], 240_000));
    outputOf(await renter.inMachine(1, 'echo precious > data'));
  }, 600_000);
  afterAll(() => ends.all(), 600_000);

  /** How often the chain heard of the lease, and that it never stood worse than well meanwhile. */
  async function isReported(times: number): Promise<void> {
    const heard = new Set<number>();
    await eventually(
      network.chain,
      async () => {
        const lease = await network.chain.lease(1);
        expect(lease).toMatchObject({ status: 'Active' });
        if (lease) heard.add(lease.lastHeartbeat);
        return heard.size > times ? true : undefined;
      },
      { what: `${times} reports came`, signal: patience() },
    );
  }

  it.each<[string, ClockChange]>([
    ['a day ahead', { jumpMs: DAY_MS }],
    ['two days back', { jumpMs: -2 * DAY_MS }],
    ['back to the right time, and goes at half its speed', { jumpMs: DAY_MS, rate: 0.5 }],
  ])(
    '%s: reports go on in time, the machine runs and its renter gets in',
    async (_title, change) => {
      await setClock(network.part('provider'), file, change, patience());
      const before = (await network.chain.lease(1))?.endsAt;
      await isReported(REPORTS);
      expect(outputOf(await renter.inMachine(1, 'cat data')).trim()).toBe('precious');
      await hostHas(network, ['1'], patience());
      expect((await network.chain.lease(1))?.endsAt).toBe(before);
    },
    600_000,
  );

  it('destroys nothing while the chain is away, and all that is over when the chain comes back long after', async () => {
    const node = network.part('node');
    node.kill('SIGKILL');
    await node.exited;
    await network.part('provider').printedNext(/heartbeat failed/, patience());
    expect(await serversOf(network)).toEqual(['1']);
    await network.startNode(patience(), 'node', settableClock(file));
    await network.part('node').printed(/ ready$/, patience());
    await setClock(network.part('node'), file, { jumpMs: DAY_MS }, patience());
    await hostHas(network, [], patience());
    const lease = await network.chain.lease(1);
    expect(lease).toMatchObject({ escrow: 0n, closed: { reason: 'Completed' } });
    expect((lease?.paid ?? 0n) + (lease?.refunded ?? 0n)).toBe(24n * (lease?.pricePerHour ?? 0n));
    const story = outputOf(await renter.hamster(['leases', '--all'], 240_000));
    expect(story).toMatch(/finished|ended|over/i);
  }, 600_000);
});
