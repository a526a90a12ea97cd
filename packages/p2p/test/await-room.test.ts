import { describe, expect, test } from 'vitest';
import { awaitRoom } from '../src/access/await-room.ts';
import { PeerError } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { echo } from './support/machines.ts';
import { until } from './support/network.ts';
import { relayedLease } from './support/relayed.ts';

const keep = cleanup();
const full = (): Promise<never> => Promise.reject(new PeerError('TOO_MANY_STREAMS', 'No place'));

describe('a client of a provider that has no place for one more stream', () => {
  test('gets its tunnel once another is closed', async () => {
    const refused: string[] = [];
    const { open } = await relayedLease({
      keep,
      machine: echo,
      serve: { limits: { tunnelsPerPeer: 2 }, onRefused: (_, { code }) => refused.push(code) },
    });
    const [first, second] = [await open(), await open()];
    const third = open();
    await until(() => refused.length > 0);
    first.destroy();
    const tunnel = await third;
    expect(new Set(refused)).toEqual(new Set(['TOO_MANY_STREAMS']));
    for (const one of [second, tunnel]) one.destroy();
  });

  test('asks a few times, then hands on what the provider says', async () => {
    let asked = 0;
    const ask = (): Promise<never> => {
      asked += 1;
      return full();
    };
    const signal = new AbortController().signal;
    await expect(awaitRoom(signal, ask, [1, 1, 1])).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' });
    expect(asked).toBe(4);
  });

  test('asks only once for what is refused for another reason', async () => {
    let asked = 0;
    const ask = (): Promise<never> => {
      asked += 1;
      return Promise.reject(new PeerError('PORT_CLOSED', 'No'));
    };
    await expect(awaitRoom(new AbortController().signal, ask, [1])).rejects.toMatchObject({
      code: 'PORT_CLOSED',
    });
    expect(asked).toBe(1);
  });

  test('waits no longer than its signal, and says what was in the way', async () => {
    const ending = new AbortController();
    const asking = awaitRoom(ending.signal, full, [600_000]);
    ending.abort();
    await expect(asking).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' });
  });
});
