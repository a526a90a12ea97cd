import type { ChainClient } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { createHost, createIdentity, dialProvider, swarmKeyOption } from '@hamster/p2p';
import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { hasCaughtUp, type ChainMark } from '../chain-mark.ts';
import { chainMarkOf, departureOf } from '../home.ts';
import { readMarket, type Whose } from '../market/market-view.ts';
import type { ToldPulse } from '../pulse.ts';
import type { ChainFacts, Facts, Found } from './facts.ts';

export interface GatherModules {
  readonly account: Found<string>;
  readonly peerId: string;
  readonly client: Found<ChainClient>;
  readonly driver: MachineDriver;
  /** Names of the images that are there and whole. */
  readonly images: () => Promise<readonly string[]>;
  readonly selfTest: Facts['selfTest'];
  readonly daemon: ToldPulse | undefined;
  /** A directory on the disk that fills up. */
  readonly home: string;
  /** File with the key of the private network, where there is one. */
  readonly swarmKey: string | undefined;
  readonly now: () => number;
}

const READ_TIMEOUT_MS = 10_000;
const MIB = 1024 * 1024;

/** Looks at everything that orders depend on. Throws nothing but the signal's reason: what fails is a fact, too. */
export async function gatherFacts(modules: GatherModules, signal: AbortSignal): Promise<Facts> {
  const { account, client, driver, images, selfTest, daemon, home, now } = modules;
  const [chain, capacity, found, freeDiskMib, route] = await Promise.all([
    chainFacts(modules, signal),
    attempt(() => driver.capacity(signal)),
    attempt(images),
    freeDiskIn(home),
    daemon === undefined || 'trouble' in client
      ? undefined
      : attempt(() => reach(client.value, modules, signal)),
  ]);
  signal.throwIfAborted();
  return {
    now: now(),
    account,
    chain,
    capacity,
    images: found,
    selfTest,
    freeMemoryMib: Math.floor(freemem() / MIB),
    freeDiskMib,
    daemon,
    route,
  };
}

/** What `work` gives, or the sentence of what it throws. */
export async function attempt<T>(work: () => Promise<T>): Promise<Found<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    const sentence = sentenceOf(error);
    return { trouble: /[.!?]$/.test(sentence) ? sentence : `${sentence}.` };
  }
}

async function chainFacts(
  { client, account, peerId, home }: GatherModules,
  signal: AbortSignal,
): Promise<Found<ChainFacts>> {
  if ('trouble' in client) return client;
  // Without an account the chain can still be judged: one that nobody has stands in.
  const address = 'value' in account ? account.value : NOBODY;
  return attempt(async () => {
    const facts = await readChain(client.value, { address, peerId }, signal);
    const mark = chainMarkOf(home, client.value.chain.genesisHash, { warn: () => undefined });
    const behind = await isBehind(client.value, facts, mark, signal);
    const leftAt = await departureOf(home, client.value.chain.genesisHash).read();
    return { ...facts, behind, markPath: mark.path, leftAt };
  });
}

/** Throws when the node serves another chain than the daemon of this home saw. */
async function isBehind(
  client: ChainClient,
  { market }: Pick<ChainFacts, 'market'>,
  mark: ChainMark,
  signal: AbortSignal,
): Promise<boolean> {
  const { chainTime } = await mark.read();
  return !(await hasCaughtUp(client, mark, signal)) || market.chainTime < chainTime;
}

/** The SS58 address of 32 zero bytes: no key is known for it. */
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM';

async function readChain(
  client: ChainClient,
  whose: Whose,
  signal: AbortSignal,
): Promise<Omit<ChainFacts, 'behind' | 'markPath' | 'leftAt'>> {
  const patience = { signal, timeoutMs: READ_TIMEOUT_MS };
  const [market, gateways, beatFee, syncing] = await Promise.all([
    readMarket(client, whose, signal),
    client.gateways(patience),
    client.fee(client.calls.resourceOrder.heartbeat([]), whose.address, patience),
    client.isSyncing(patience),
  ]);
  return {
    url: client.chain.url,
    syncing,
    market,
    gateways: gateways.length,
    beatFee,
  };
}

/** As a renter would, from a host of its own that nobody knows. */
async function reach(
  client: ChainClient,
  { peerId, swarmKey }: GatherModules,
  signal: AbortSignal,
): Promise<true> {
  const gateways = await client.gateways({ signal, timeoutMs: READ_TIMEOUT_MS });
  const stranger = await createHost({
    identity: await createIdentity(),
    ...(await swarmKeyOption(swarmKey)),
  });
  try {
    const connection = await dialProvider(stranger, { peerId }, { gateways, signal });
    await connection.close();
    return true;
  } finally {
    await stranger.stop();
  }
}

async function freeDiskIn(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path).catch(() => statfs('/'));
  return Math.floor((bavail * bsize) / MIB);
}
