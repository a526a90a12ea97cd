import { isLive, type Lease } from '@hamster/chain-client';
import { devAccount } from '@hamster/daemon';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOB } from '../../e2e/support.ts';
import { eventually, throwAwayNetwork, type LocalNetwork } from '../../src/index.ts';
import { disksOf, hostHas, machinesFolder } from './host.ts';
import { diesAt, type Moment } from './moment.ts';

const SPEC = { cpuCores: 1, memoryMib: 256, diskGib: 1 };
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea renter';

type MomentOf = (lease: number) => Moment;
const folderOf: (when: Moment['when']) => MomentOf = (when) => (lease) => ({
  ...{ call: 'mkdir', when, about: `machines/${lease}$` },
});
const noted: MomentOf = (lease) => ({
  ...{ call: 'rename', when: 'after', about: `machines/${lease}/machine\\.json$` },
});
const spawned: MomentOf = (lease) => ({
  ...{ call: 'spawn', when: 'after', about: `server/main\\.ts .*machines/${lease} ` },
});
/** The call that accepts the order is the one that tells a host key: its number, a length, the key. */
const acceptance: (when: Moment['when']) => MomentOf = (when) => (lease) => {
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(BigInt(lease));
  const key = Buffer.from('ssh-ed25519').toString('hex');
  return { call: 'send', when, about: `author_submit.*${id.toString('hex')}[0-9a-f]{4}${key}` };
};

/** Where a provider dies, and whether the order is taken back before it comes again. */
const DEATHS: readonly { readonly title: string; readonly at: MomentOf; readonly cancelled?: true }[] = [
  { title: 'has seen the order and done nothing', at: folderOf('before') },
  { title: 'has made a folder and put nothing in it', at: folderOf('after') },
  { title: 'has noted the machine and made none', at: noted },
  { title: 'has started it and not seen that it runs', at: spawned },
  { title: 'has made it and not said so on chain', at: acceptance('before') },
  { title: 'has said so and not heard the answer', at: acceptance('after') },
  { title: 'has made a folder and is of no use any more', at: folderOf('after'), cancelled: true },
  { title: 'has started it and is of no use any more', at: spawned, cancelled: true },
];

describe('a provider that is killed while it makes a machine', () => {
  let network: LocalNetwork & AsyncDisposable;
  const patience = () => AbortSignal.timeout(180_000);

  /** Comes again, whatever the last one left, and dies at the next of the moments. */
  async function start(index: number): Promise<void> {
    const next = DEATHS[index]?.at(index + 1);
    await network.startProvider(patience(), [], next && diesAt(next));
  }

  beforeAll(async () => {
    network = await throwAwayNetwork({ driver: 'process', images: ['process'] });
    await network.part('provider').stop();
    await start(0);
  }, 600_000);
  afterAll(() => network[Symbol.asyncDispose](), 180_000);

  async function submit(call: Parameters<typeof network.chain.submit>[0]): Promise<void> {
    await network.chain.submit(call, await devAccount('alice'));
  }

  async function order(): Promise<void> {
    const terms = { resource: 1, spec: SPEC, hours: 2, image: 'process', sshPublicKey: KEY };
    await submit(network.chain.calls.resourceOrder.createOrder({ ...terms, maxPricePerHour: 10n ** 15n }));
    expect(await network.part('provider').exited).toMatchObject({ signal: 'SIGKILL' });
  }

  it.each(DEATHS.map((death, index) => ({ ...death, id: index + 1 })))(
    'when it $title',
    async ({ id, cancelled }) => {
      const { calls } = network.chain;
      await order();
      if (cancelled) await submit(calls.resourceOrder.cancelOrder(id));
      await start(id);
      if (cancelled) {
        await hostHas(network, [], patience());
        expect(await network.chain.lease(id)).toBeUndefined();
        return;
      }
      const lease = await runningLease(id);
      await hostHas(network, [String(id)], patience());
      expect(await holdsKey(id, lease.sshHostKey)).toBe(true);
      expect((await network.chain.leasesOfProvider(BOB)).filter(isLive)).toHaveLength(1);
      await submit(calls.resourceOrder.terminateLease(id));
      await hostHas(network, [], patience());
      expect(await disksOf(network)).toEqual([]);
    },
    600_000,
  );

  const runningLease = (id: number): Promise<Lease> =>
    eventually(
      network.chain,
      async () => {
        const found = await network.chain.lease(id);
        return found && isLive(found) ? found : undefined;
      },
      { what: `lease ${id} runs`, signal: patience() },
    );

  /** Whether the machine's private key is the one whose public half the chain tells. */
  async function holdsKey(id: number, publicKey: string): Promise<boolean> {
    const text = await readFile(join(machinesFolder(network), String(id), 'ssh_host_ed25519_key'), 'utf8');
    const held = Buffer.from(text.replace(/-----.*-----/g, ''), 'base64');
    return held.includes(Buffer.from(publicKey.split(' ')[1] ?? '?', 'base64'));
  }
});
