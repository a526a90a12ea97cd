import { openEnvironment } from './storage/database.ts';
import { BlockStore } from './storage/block-store.ts';
import { stateTables } from './storage/format.ts';
import { headerHash } from './header-codec.ts';

/** Blocks that are read as a whole, back from the best one. */
const BLOCKS = 256;

const [folder = ''] = process.argv.slice(2);

/** Ends with 0 when every page of the database can be read and the last blocks are what their hashes say. */
try {
  const env = openEnvironment(folder);
  for (const name of [...stateTables(env), 'block-headers', 'block-numbers']) {
    for (const { value } of env.openDB({ name, encoding: 'binary', keyEncoding: 'binary' }).getRange())
      void value;
  }
  walkBlocks(new BlockStore(env));
  await env.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function walkBlocks(blocks: BlockStore): void {
  let next = blocks.mark('best');
  for (let left = BLOCKS; next && left > 0; left--) {
    const { hash, number } = next;
    const [encoded, header] = [blocks.encodedHeader(hash), blocks.header(hash)];
    if (!encoded || !header || headerHash(encoded) !== hash || !blocks.body(hash)) {
      throw new RangeError(`block #${number} is not what its hash says`);
    }
    next = number > 0 ? { hash: header.parentHash, number: number - 1 } : undefined;
  }
}
