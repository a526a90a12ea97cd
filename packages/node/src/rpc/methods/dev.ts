import { setImmediate } from 'node:timers/promises';
import { NodeError } from '../../errors.ts';
import { invalidParams, methodNotFound } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { optional, record, uint, type Param } from '../protocol/params.ts';

/** Blocks made by one call, at most. */
const MAX_BLOCKS = 10_000;

const OPTIONS = optional(record('options', { count: optional(uint('count')), to: optional(uint('to')) }));

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
 * Authors `count` blocks, or as many as it takes up to number `to`, at least one; answers the hash of the last. Served only by a
 * node that seals by hand.
 */
export const dev_newBlock = unsafe(
  method([OPTIONS], async ({ backend }, options) => {
    const { manualSeal } = backend;
    if (!manualSeal) throw methodNotFound();
    const wanted = options?.to === undefined ? (options?.count ?? 1) : options.to - backend.best().number;
    const count = Math.max(1, wanted);
    if (count > MAX_BLOCKS)
      throw invalidParams(`Up to ${MAX_BLOCKS} blocks are made by one call, not ${count}`);
    for (let made = 1; made < count; made++) {
      await manualSeal.newBlock();
      // Others are answered between two blocks.
      await setImmediate();
    }
    return (await manualSeal.newBlock()).hash;
  }),
);

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
