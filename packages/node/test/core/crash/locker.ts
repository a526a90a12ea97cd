import { join } from 'node:path';
import { lockFolder } from '../../../src/storage/lock.ts';

/** Locks one folder after the other, each at a moment at which others do the same, and says how each came out. */
const [base = '', count = '', first = '', every = ''] = process.argv.slice(2);
const outcomes: string[] = [];
for (let index = 0; index < Number(count); index++) {
  while (Date.now() < Number(first) + index * Number(every)) continue;
  try {
    lockFolder(join(base, String(index)));
    outcomes.push('locked');
  } catch (error) {
    outcomes.push(String((error as NodeJS.ErrnoException).code));
  }
}
process.stdout.write(JSON.stringify(outcomes));
// It holds them until all have had their turn.
process.stdin.resume();
