import { closeSync, readSync } from 'node:fs';
import { newestMeta, openDataFile, type Meta } from './check-file.ts';

/** Where LMDB keeps the fields of a page, from its beginning; places of nodes are counted from behind them. */
const PAGE = { number: 0, flags: 18, lower: 20, head: 24 } as const;
/** Where those of a node are, from its beginning: the low half of a number is two fields, the high one is in its flags. */
const NODE = { low: 0, flags: 4, keySize: 6, head: 8 } as const;
const KIND = { branch: 1, leaf: 2, overflow: 4 } as const;
/** Of a node of which the value has pages of its own. */
const IS_BIG = 1;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

interface Step {
  readonly page: bigint;
  readonly kinds: number;
}

/**
 * Looks at the pages that hold the list of free pages, which nobody can read through LMDB: one that is torn would end the process without a
 * word with the first write, at every start. Throws RangeError for such a one.
 */
export function checkFreeList(folder: string): void {
  const file = openDataFile(folder);
  if (file === undefined) return;
  try {
    const meta = newestMeta(file);
    if (meta) walk(file, meta);
  } finally {
    closeSync(file);
  }
}

function walk(file: number, meta: Meta): void {
  const steps: Step[] = [{ page: meta.freeRoot, kinds: KIND.branch | KIND.leaf }];
  for (let left = meta.lastPage; steps.length > 0; left--) {
    const [step] = steps.splice(-1);
    if (!step || step.page === NO_PAGE) continue;
    if (left < 0n) throw torn(step);
    steps.push(...stepsFrom(readPage(file, meta, step), step));
  }
}

function readPage(file: number, { pageSize, lastPage }: Meta, step: Step): Buffer {
  const bytes = Buffer.alloc(pageSize);
  if (step.page > lastPage) throw torn(step);
  readSync(file, bytes, { position: step.page * BigInt(pageSize) });
  const kind = bytes.readUInt16LE(PAGE.flags) & step.kinds;
  if (bytes.readBigUInt64LE(PAGE.number) !== step.page || kind === 0) throw torn(step);
  return bytes;
}

/** To what the nodes of a page lead. */
function stepsFrom(bytes: Buffer, step: Step): Step[] {
  const flags = bytes.readUInt16LE(PAGE.flags);
  if (flags & KIND.overflow) return [];
  try {
    const count = bytes.readUInt16LE(PAGE.lower) / 2;
    const nodes = Array.from({ length: count }, (_, index) =>
      bytes.subarray(PAGE.head + bytes.readUInt16LE(PAGE.head + index * 2)),
    );
    return flags & KIND.branch ? nodes.map(below) : nodes.filter(isBig).map(ownPage);
  } catch (error) {
    if (error instanceof RangeError) throw torn(step);
    throw error;
  }
}

const isBig = (node: Buffer): boolean => (node.readUInt16LE(NODE.flags) & IS_BIG) !== 0;

const below = (node: Buffer): Step => ({
  page: BigInt(node.readUInt32LE(NODE.low)) + (BigInt(node.readUInt16LE(NODE.flags)) << 32n),
  kinds: KIND.branch | KIND.leaf,
});

const ownPage = (node: Buffer): Step => ({
  page: node.readBigUInt64LE(NODE.head + node.readUInt16LE(NODE.keySize)),
  kinds: KIND.overflow,
});

const torn = ({ page }: Step): RangeError =>
  new RangeError(`page ${page}, which lists free pages, is not what it should be`);
