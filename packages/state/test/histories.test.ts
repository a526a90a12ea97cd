import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestDatabase } from './database.ts';
import { FormerDatabase } from './former-database.ts';
import { formerStep, History, step } from './history.ts';

const windows = fc.integer({ min: 1, max: 3 });

describe('a history of blocks that come and go', { timeout: 120_000 }, () => {
  it('keeps the states that it should, whole, and not one node more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), windows, async (steps, window) => {
        const db = await TestDatabase.create(window);
        try {
          const history = new History(db, window);
          for (const each of steps) {
            await history.run(each);
            history.check();
          }
          history.checkEnd();
        } finally {
          await db.destroy();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('does so when it began in a database of the former layout', async () => {
    const steps = fc.array(formerStep, { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(step, { maxLength: 10 }), windows, async (before, after, window) => {
        const path = await mkdtemp(join(tmpdir(), 'hamster-former-'));
        const former = new FormerDatabase(path, window);
        const history = new History(former, window);
        for (const each of before) await history.run(each);
        const cut = () => {
          throw new RangeError('power cut');
        };
        expect(() => former.convert(cut)).toThrow('power cut');
        former.convert();
        await former.close();
        const db = new TestDatabase(path, window);
        try {
          history.moveTo(db);
          history.check();
          for (const each of after) {
            await history.run(each);
            history.check();
          }
          history.checkEnd();
        } finally {
          await db.destroy();
        }
      }),
      { numRuns: 15 },
    );
  });
});
