import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolkadotClient } from 'polkadot-api';
import { afterEach, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import {
  lightClient,
  rawSpec,
  wsAddressOf,
  type LightClient,
} from '../../test/network/support/light-client.ts';

/** As many blocks as a chain with a block every 3 s makes in an hour, and some more. */
const AN_HOUR = 1_250;
const BLOCK_TIME = ['--block-time', '200ms'];

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

async function start(...flags: string[]): Promise<NodeProcess> {
  const node = await startNodeProcess('--dev', ...BLOCK_TIME, ...flags);
  running.push(node);
  return node;
}

async function follow(bootnode: string): Promise<LightClient> {
  const light = lightClient(await rawSpec(['--chain', 'dev', ...BLOCK_TIME], [bootnode]));
  running.push(light);
  return light;
}

/** Follows until this block is final; answers the numbers of all final blocks that it was told. */
function finalUntil(papi: PolkadotClient, last: number): Promise<number[]> {
  const numbers: number[] = [];
  return new Promise((resolve, reject) => {
    const following = papi.finalizedBlock$.subscribe({
      next({ number }) {
        numbers.push(number);
        if (number < last) return;
        // Not from within: the first value comes before there is anything to unsubscribe from.
        queueMicrotask(() => following.unsubscribe());
        resolve(numbers);
      },
      error: reject,
    });
  });
}

describe('smoldot, unmodified', () => {
  it('follows an hour of blocks without missing one', async () => {
    const node = await start();
    const { papi } = await follow(wsAddressOf(node));
    const { number: first } = await papi.getFinalizedBlock();
    const numbers = await finalUntil(papi, first + AN_HOUR);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => (numbers[0] ?? 0) + i));
  }, 1_200_000);

  it('goes on with a node that was started again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hamster-light-'));
    running.push({ stop: () => rm(folder, { recursive: true, force: true }) });
    const first = await start('--base-path', folder);
    const address = wsAddressOf(first);
    const port = address.split('/')[4] ?? '';
    const { papi } = await follow(address);
    const { number } = await papi.getFinalizedBlock();
    await finalUntil(papi, number + 10);
    await first.stop('SIGKILL');
    await start('--base-path', folder, '--ws-port', port);
    const after = await papi.getFinalizedBlock();
    await finalUntil(papi, after.number + 20);
  }, 300_000);
});
