import type { ChainClient, Snapshot } from '@hamster/chain-client';
import { describe, expect, it } from 'vitest';
import { marketChain } from '../src/chain/market-chain.ts';
import { NOW, resource, runningLease, waitingOrder } from './market-fixture.ts';

/** The state after block 5, in which an order waits; with block 6 it is a lease. */
const FIFTH: Partial<Snapshot> = {
  block: { number: 5, hash: '0x05' },
  now: async () => NOW,
  resource: async () => resource({ status: 'Draining' }),
  ordersOfProvider: async () => [waitingOrder(), waitingOrder({ id: 10, resource: 3 })],
  leasesOfProvider: async () => [runningLease(), runningLease({ id: 6, status: 'Terminated' })],
};

describe('what the chain wants of a provider', () => {
  it('is read of one block, and what is final before that', async () => {
    const asked: string[] = [];
    const client = {
      calls: {},
      finalBlock: async () => (asked.push('final'), { number: 4, hash: '0x04' }),
      snapshot: async () => (asked.push('best'), FIFTH),
    } as unknown as ChainClient;
    const chain = marketChain({ client, signer: { address: 'bob' } as never, resource: 9 });
    const { pending, live, ...rest } = await chain.work(AbortSignal.timeout(10_000));
    expect(rest).toEqual({ chainTime: NOW, best: 5, final: { number: 4, hash: '0x04' }, draining: true });
    expect(pending.map(({ id }) => id)).toEqual([8n]);
    expect(live.map(({ id }) => id)).toEqual([7n]);
    expect(asked).toEqual(['final', 'best']);
  });
});
