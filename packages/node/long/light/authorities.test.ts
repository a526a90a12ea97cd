import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { afterEach, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import {
  hamsterNode,
  lightClient,
  rawSpec,
  wsAddressOf,
  type LightClient,
} from '../../test/network/support/light-client.ts';

const CHAIN = ['--chain', 'dev', '--block-time', '200ms'];
/** So far behind, smoldot warps; else it takes one block after the other. */
const WARP_GAP = 33;

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

/** A node that holds the keys of all of these. */
async function authorWith(...names: readonly string[]): Promise<NodeProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-authorities-'));
  running.push({ stop: () => rm(folder, { recursive: true, force: true }) });
  const place = ['--base-path', folder];
  const insert = (type: string, name: string) =>
    hamsterNode('key', 'insert', '--key-type', type, '--suri', `//${name}`, ...CHAIN, ...place);
  for (const name of names) await Promise.all([insert('aura', name), insert('gran', name)]);
  const node = await startNodeProcess(...CHAIN, ...place);
  running.push(node);
  return node;
}

async function follow(node: NodeProcess): Promise<LightClient> {
  const light = lightClient(await rawSpec(CHAIN, [wsAddressOf(node)]));
  running.push(light);
  return light;
}

const sessionKeysOf = (name: string) => ({
  aura: new Keyring({ type: 'sr25519' }).addFromUri(`//${name}`).publicKey,
  grandpa: new Keyring({ type: 'ed25519' }).addFromUri(`//${name}`).publicKey,
});

/** Has root hand over to these; answers the number of the first block that is theirs. */
async function handOver(api: ApiPromise, ...names: readonly string[]): Promise<number> {
  const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
  const change = api.tx['authorities']!['scheduleChange']!(names.map(sessionKeysOf));
  const block = await new Promise<string>((resolve, reject) => {
    const sending = api.tx['sudo']!['sudo']!(change).signAndSend(alice, ({ status, dispatchError }) => {
      if (dispatchError) reject(new RangeError(dispatchError.toString()));
      else if (status.isFinalized) resolve(status.asFinalized.toHex());
    });
    sending.catch(reject);
  });
  return (await api.rpc.chain.getHeader(block)).number.toNumber() + 2;
}

/** Answers the numbers of the blocks that it said to be final, up to this one. */
function reaches({ papi }: LightClient, block: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const seen: number[] = [];
    const following = papi.finalizedBlock$.subscribe({
      next({ number }) {
        seen.push(number);
        if (number < block) return;
        queueMicrotask(() => following.unsubscribe());
        resolve(seen);
      },
      error: reject,
    });
  });
}

/** Number of the set that votes now, proved. */
const setIdOf = ({ papi }: LightClient): Promise<unknown> =>
  papi.getUnsafeApi().query['Grandpa']!['CurrentSetId']!.getValue();

it('smoldot follows from set to set, live and by warp', async () => {
  const node = await authorWith('Alice', 'Bob');
  const witness = await follow(node);
  const api = await ApiPromise.create({ provider: new WsProvider(node.url), noInitWarn: true });
  running.push({ stop: () => api.disconnect() });
  await reaches(witness, 1);
  const first = await handOver(api, 'Bob');
  await handOver(api, 'Alice');
  const last = await handOver(api, 'Alice', 'Bob');
  await reaches(witness, last + 3);
  expect(await setIdOf(witness)).toBe(3n);
  await reaches(witness, WARP_GAP + 5);

  const newcomer = await follow(node);
  // On a busy host it may have a few blocks of the first set before the warp comes.
  const seen = [0, ...(await reaches(newcomer, WARP_GAP + 1))];
  const leaps = seen.slice(1).map((to, index) => [seen[index] ?? 0, to] as const);
  expect(leaps.filter(([from, to]) => from < first && to > last)).toHaveLength(1);
  expect(await setIdOf(newcomer)).toBe(3n);
  await reaches(newcomer, (seen.at(-1) ?? 0) + 5);
  const complaints = [...witness.complaints, ...newcomer.complaints];
  expect(complaints.filter((text) => /justification|verif|GrandPa.*fail|invalid/i.test(text))).toEqual([]);
}, 300_000);
