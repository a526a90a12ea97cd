import { writeSync } from 'node:fs';
import { countOf } from '@hamster/state';
import type { RootDatabase } from 'lmdb';
import { NodeError } from './errors.ts';
import { headerHash } from './header-codec.ts';
import { BlockStore } from './storage/block-store.ts';
import { checkFreeList } from './storage/check-free-list.ts';
import { openEnvironment } from './storage/database.ts';
import { stateTables } from './storage/format.ts';
import { DAMAGE_EXIT } from './storage/walk.ts';

/** Blocks that are read as a whole, back from the best one. */
const BLOCKS = 256;
/** ms between two signs of life. */
const SIGN_EVERY = 1_000;
/** Records between two looks at the clock. */
const LOOK_EVERY = 1_024;

const [folder = ''] = process.argv.slice(2);

/**
 * Ends with 0 when every page that leads to a record can be read and the last blocks are what their hashes say, with DAMAGE_EXIT when
 * not, and with 1 when it could not be found out. Each line of standard output says how many records were read, and of how many.
 */
try {
  checkFreeList(folder);
  const env = openEnvironment(folder);
  walkTables(env);
  walkBlocks(new BlockStore(env));
  await env.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isOfFormat(error) ? 0 : isOfSystem(error) ? 1 : DAMAGE_EXIT;
}

/** Whoever opens the database says that himself. */
function isOfFormat(error: unknown): boolean {
  return error instanceof NodeError && error.code === 'NODE_DATABASE_FORMAT';
}

/**
 * No room, no memory, no right: the system's errors are above zero as LMDB tells them, whose own, such as MDB_CORRUPTED, are below, and
 * have a call that failed as Node.js does.
 */
function isOfSystem(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isOfLmdb = 'code' in error && typeof error.code === 'number' && error.code > 0;
  return isOfLmdb || 'syscall' in error || error.message === 'Array buffer allocation failed';
}

function walkTables(env: RootDatabase): void {
  const binary = (name: string) => env.openDB({ name, encoding: 'binary', keyEncoding: 'binary' });
  const named = ['block-marks', 'state-pruning'].map((name) => env.openDB({ name, encoding: 'binary' }));
  const numbered = ['block-numbers', 'block-set-ends'].map((name) =>
    env.openDB<Buffer, number>({ name, encoding: 'binary', keyEncoding: 'uint32' }),
  );
  const whole = [...named, ...[...stateTables(env), 'block-headers', 'offchain'].map(binary)];
  // A body of some size has pages of its own, to which nothing but its record leads: its hash tells whether it is right.
  const keysOnly = ['block-bodies', 'block-justifications'].map(binary);
  const of = [...numbered, ...whole, ...keysOnly].reduce((sum, table) => sum + countOf(table), 0);
  let records = 0;
  const tell = teller(of);
  const advance = () => {
    // Pages that lead back to where they came from would go on for ever.
    if (++records > of) throw new RangeError('its tables go on behind their last record');
    tell(records);
  };
  for (const table of numbered) for (const _ of table.getRange({ start: 0 })) advance();
  for (const table of whole) for (const _ of table.getRange()) advance();
  for (const table of keysOnly) for (const _ of table.getKeys()) advance();
  if (records < of) throw new RangeError(`${of - records} of its records are lost`);
}

/** Says from time to time how far it is. */
function teller(of: number): (records: number) => void {
  let next = performance.now() + SIGN_EVERY;
  return (records) => {
    if (records % LOOK_EVERY !== 0 || performance.now() < next) return;
    next = performance.now() + SIGN_EVERY;
    writeSync(1, `${records} ${of}\n`);
  };
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
