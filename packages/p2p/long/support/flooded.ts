import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Connection } from '@libp2p/interface';
import { Renter, throwAwayNetwork, type Ends, type LocalNetwork } from '@hamster/testing';
import { expect } from 'vitest';
import {
  createHost,
  createIdentity,
  dialProvider,
  openTunnel,
  type GatewayAddress,
  type Grant,
  type Host,
  type SignedGrant,
} from '../../src/index.ts';
import { account, grantFor } from '../../test/support/accounts.ts';

type Part = 'gateway' | 'provider';

/** Lease 1 of a network of real processes: its renter, and others who mean no good. */
export interface Flooded {
  readonly network: LocalNetwork;
  readonly gateway: GatewayAddress;
  peer(): Promise<Host>;
  /** Of the renter, to anybody. */
  grantTo(host: Host, change?: Partial<Grant>): Promise<SignedGrant>;
  /** To the provider, through the gateway. */
  through(host: Host): Promise<Connection>;
  /** Has the renter open one tunnel after the other while the work lasts, and fails when they or the process suffer. */
  suffers(what: string, part: Part, work: () => Promise<unknown>): Promise<void>;
}

const RENT = '--cores 1 --memory 256M --disk 1G --hours 3 --image process --yes'.split(' ');
const MEBIBYTE = 2 ** 20;
const LOOK_MS = 100;
/** Growth that a flood may cause, in MiB; much of it is the heap's room for what dies young. */
const GROWTH = 400;
/** Attackers, renter and daemons share two cores; a starved renter would wait for minutes, or for ever. */
const MEDIAN_MS = 5_000;

export async function floodedNetwork(ends: Ends): Promise<Flooded> {
  const network = ends.use(await throwAwayNetwork({ driver: 'process', images: ['process'] }));
  const { code, stderr } = await new Renter({ network, account: 'alice' }).hamster(['rent', ...RENT], 90_000);
  expect(code, stderr).toBe(0);
  const { chain } = network;
  const [listed] = await chain.gateways();
  const machine = await chain.resource((await chain.lease(1))?.resource ?? 0);
  const gateway = { peerId: listed?.peerId ?? '', multiaddrs: listed?.multiaddrs ?? [] };

  const peer = async (): Promise<Host> => {
    const host = await createHost({ identity: await createIdentity() });
    ends.defer(() => host.stop());
    return host;
  };
  const grantTo = async (host: Host, change: Partial<Grant> = {}): Promise<SignedGrant> =>
    grantFor(host.peerId, await account('//Alice'), {
      genesisHash: chain.chain.genesisHash,
      lease: 1n,
      notAfter: (await chain.now()) + 3_600_000,
      permissions: ['tunnel', 'control'],
      ...change,
    });
  const through = (host: Host): Promise<Connection> =>
    dialProvider(host, { peerId: machine?.peerId ?? '' }, { gateways: [gateway] });

  const renter = await peer();
  const grant = await grantTo(renter);

  /** How long each new tunnel took until the machine's SSH server greeted, in ms, sorted. */
  async function greetingsWhile(work: () => Promise<unknown>): Promise<number[]> {
    const connection = await through(renter);
    const times: number[] = [];
    let isOver = false;
    const working = work().finally(() => (isOver = true));
    working.catch(() => undefined);
    do times.push(await greeting(connection, grant));
    while (!isOver);
    await working;
    await connection.close();
    return times.toSorted((one, other) => one - other);
  }

  return {
    ...{ network, gateway, peer, grantTo, through },
    async suffers(what, part, work) {
      const before = await rssOf(network, part);
      let most = before;
      const look = async (): Promise<void> => {
        most = Math.max(most, await rssOf(network, part));
      };
      const looking = setInterval(() => void look(), LOOK_MS);
      const times = await greetingsWhile(work).finally(() => clearInterval(looking));
      const [median = 0, worst = 0] = [times[times.length >> 1], times.at(-1)];
      const figures = `${what}: MiB before and at most, ms until a greeting in the median and at worst: ${[
        before,
        most,
        median,
        worst,
      ].join(', ')}`;
      expect(most - before, figures).toBeLessThan(GROWTH);
      expect(median, figures).toBeLessThan(MEDIAN_MS);
      expect(network.part('gateway').running && network.part('provider').running).toBe(true);
    },
  };
}

async function greeting(connection: Connection, grant: SignedGrant): Promise<number> {
  const begun = performance.now();
  const tunnel = await openTunnel(connection, { grant, lease: 1n, port: 22 });
  const [words] = (await once(tunnel, 'data')) as [Buffer];
  tunnel.on('error', () => undefined).destroy();
  expect(String(words)).toMatch(/^SSH-2\.0-/);
  return performance.now() - begun;
}

async function rssOf(network: LocalNetwork, part: Part): Promise<number> {
  const status = await readFile(`/proc/${network.part(part).pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / MEBIBYTE;
}

export interface Flood {
  readonly protocol: string;
  readonly count: number;
  /** What is said on each stream, if anything. */
  wordsOf(index: number): Uint8Array | undefined;
}

const AT_ONCE = 128;

/** Opens streams, some at once, says something on each, and leaves it half open. Fails when nothing at all gets there. */
export async function flood(connection: Connection, { protocol, count, wordsOf }: Flood): Promise<void> {
  let index = 0;
  let opened = 0;
  const worker = async (): Promise<void> => {
    while (index < count && connection.status === 'open')
      if (await say(connection, protocol, wordsOf(index++))) opened += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(opened, 'streams on which the other side agreed').toBeGreaterThan(0);
}

/** Whether the other side agreed on the stream, and something could be said. */
export async function say(
  connection: Connection,
  protocol: string,
  words: Uint8Array | undefined,
): Promise<boolean> {
  try {
    const stream = await connection.newStream(protocol, {
      runOnLimitedConnection: true,
      maxOutboundStreams: 2 ** 20,
      signal: AbortSignal.timeout(2_000),
    });
    if (words) stream.send(words);
    return true;
  } catch {
    // Turned away, or turned out: that is how it should be.
    return false;
  }
}

/** A message with its length in front. */
export function framedBytes(body: Uint8Array): Uint8Array {
  const [low, high] = [body.length & 0x7f, body.length >> 7];
  return Buffer.concat([Uint8Array.from(high > 0 ? [low | 0x80, high] : [low]), body]);
}
