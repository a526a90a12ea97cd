import { EMPTY_ROOT, type Change } from '../../src/index.ts';
import { TestDatabase, type TestBlock } from '../database.ts';

const [path = ''] = process.argv.slice(2);
const db = new TestDatabase(path, 4);
let block: TestBlock = { number: -1, hash: new Uint8Array(32), root: EMPTY_ROOT };

const report = ({ number, hash, root }: TestBlock, isFinal: boolean) =>
  process.stdout.write(`${JSON.stringify({ number, isFinal, hash: [...hash], root: [...root] })}\n`);

/** Enough changes in each block that being killed in the middle of one is likely. */
for (;;) {
  const changes = Array.from({ length: 200 }, (_, i): Change => {
    const key = Uint8Array.of(i, (block.number * 31 + i) & 63);
    return [key, (i + block.number) % 5 ? new Uint8Array(60).fill(block.number & 255) : undefined];
  });
  block = db.write(block, changes);
  report(block, false);
  db.finalize(block);
  report(block, true);
}
