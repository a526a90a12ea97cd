import { setImmediate } from 'node:timers/promises';
import { InvalidTransaction } from '@hamster/frame';
import type { BlockId, ManualSeal } from '../../backend.ts';
import { NodeError } from '../../errors.ts';
import { invalidParams, methodNotFound } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { bytes, list, optional, record, uint32, type Param } from '../protocol/params.ts';

/** Blocks made by one call, at most. */
const MAX_BLOCKS = 10_000;

const MAX_TRANSACTIONS = 10_000;

const OPTIONS = optional(
  record('options', {
    count: optional(uint32('count')),
    to: optional(uint32('to')),
    transactions: optional(list(bytes('transactions'), MAX_TRANSACTIONS)),
    unsafeBlockHeight: absent('unsafeBlockHeight'),
    dmp: absent('dmp'),
    ump: absent('ump'),
    hrmp: absent('hrmp'),
  }),
);

/** What chopsticks has besides, and cannot be had here. */
function absent(name: string): Param<undefined> {
  return {
    name,
    parse(value) {
      if (value === undefined || value === null) return undefined;
      throw invalidParams(`"${name}" is for forks and parachains: leave it out`);
    },
  };
}

/** Milliseconds since 1970, or a date as JavaScript reads it. */
const DATE: Param<number> = {
  name: 'date',
  parse(value) {
    const time = typeof value === 'string' ? Date.parse(value) : value;
    if (typeof time === 'number' && Number.isSafeInteger(time) && time >= 0) return time;
    throw invalidParams(
      `"date" must be ms since 1970 or a date such as 2027-01-31, got ${JSON.stringify(value)}`,
    );
  },
};

/**
 * Authors `count` blocks, or as many as it takes up to number `to`, at least one; answers the hash of the last. With
 * `transactions` the first of them is made of these alone, in this order, or not at all. Served only by a node that seals by hand.
 */
export const dev_newBlock = unsafe(
  method([OPTIONS], async ({ backend }, options) => {
    const { manualSeal } = backend;
    if (!manualSeal) throw methodNotFound();
    const wanted = options?.to === undefined ? (options?.count ?? 1) : options.to - backend.best().number;
    const count = Math.max(1, wanted);
    if (count > MAX_BLOCKS)
      throw invalidParams(`Up to ${MAX_BLOCKS} blocks are made by one call, not ${count}`);
    let last = await firstBlock(manualSeal, options?.transactions);
    for (let made = 1; made < count; made++) {
      // Others are answered between two blocks.
      await setImmediate();
      last = await manualSeal.newBlock();
    }
    return last.hash;
  }),
);

async function firstBlock(seal: ManualSeal, transactions?: readonly Uint8Array[]): Promise<BlockId> {
  try {
    return await seal.newBlock(transactions);
  } catch (error) {
    const foreseen = error instanceof InvalidTransaction || isNotIncluded(error);
    throw foreseen ? invalidParams(error.message) : error;
  }
}

const isNotIncluded = (error: unknown): error is NodeError =>
  error instanceof NodeError && error.code === 'NODE_NOT_INCLUDED';

/** The next block is made at this time, and those behind it follow from there. Answers the time in ms. */
export const dev_timeTravel = unsafe(
  method([DATE], ({ backend }, time) => {
    if (!backend.manualSeal) throw methodNotFound();
    try {
      backend.manualSeal.timeTravel(time);
    } catch (error) {
      throw error instanceof NodeError ? invalidParams(error.message) : error;
    }
    return time;
  }),
);
