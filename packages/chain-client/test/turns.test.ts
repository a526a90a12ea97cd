import { describe, expect, it } from 'vitest';
import { poolRejection } from '../src/submit/pool-errors.ts';
import { Turns } from '../src/submit/turns.ts';

describe('turns', () => {
  it('come one after the other for one account, also past a failure, and together for others', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = turns.take('alice', async () => {
      await gate.promise;
      order.push('alice 1');
      throw new Error('failed');
    });
    const second = turns.take('alice', () => Promise.resolve(order.push('alice 2')));
    await turns.take('bob', () => Promise.resolve(order.push('bob')));
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(order).toEqual(['bob', 'alice 1', 'alice 2']);
  });
});

describe('a transaction that the pool refused', () => {
  it.each([
    [
      '1010: Invalid Transaction: Inability to pay some fees (e.g. account balance too low)',
      'FEE_UNPAYABLE',
      'user',
    ],
    ['1010: Invalid Transaction: Transaction is outdated', 'NONCE_TAKEN', 'transient'],
    ['1014: Priority is too low: (1 vs 1)', 'NONCE_TAKEN', 'transient'],
    ['1016: Immediately Dropped', 'POOL_FULL', 'transient'],
    ['Cancelled', 'SIGNING_REFUSED', 'user'],
    ['1234: Something new', 'POOL_REFUSED', 'user'],
  ])('%s is %s', (message, code, fault) => {
    expect(poolRejection(new Error(message))).toMatchObject({ code, fault });
  });
});
