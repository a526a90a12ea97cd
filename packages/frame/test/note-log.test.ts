import { tuple, u8 } from '@hamster/scale';
import { describe, expect, it } from 'vitest';
import { NoteLog } from '../src/index.ts';

const pair = tuple(u8, u8);

const noted = (...numbers: number[]): NoteLog => {
  const log = new NoteLog();
  for (const number of numbers) log.add(u8, number);
  return log;
};

describe('NoteLog', () => {
  it('has all records, one behind the other', () => {
    const log = noted(1, 2);
    log.add(pair, [3, 4]);
    expect(log.all()).toEqual({ count: 3, bytes: Uint8Array.of(1, 2, 3, 4) });
  });

  it('forgets what is behind a number of records', () => {
    const log = noted(1, 2, 3);
    log.cutTo(1);
    log.cutTo(2);
    log.add(u8, 9);
    expect(log.all()).toEqual({ count: 2, bytes: Uint8Array.of(1, 9) });
  });

  it('keeps nothing of a record that has no encoding', () => {
    const log = noted(1);
    expect(() => log.add(pair, [2, 300])).toThrow(/300/);
    log.add(u8, 3);
    expect(log.all()).toEqual({ count: 2, bytes: Uint8Array.of(1, 3) });
  });

  it('begins anew when all was taken', () => {
    const log = noted(1, 2);
    const taken = log.take();
    log.add(u8, 7);
    expect(taken).toEqual({ count: 2, bytes: Uint8Array.of(1, 2) });
    expect(log.all()).toEqual({ count: 1, bytes: Uint8Array.of(7) });
  });
});
