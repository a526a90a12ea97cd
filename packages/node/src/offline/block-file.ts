import { bytes, fixedBytes, option, Reader, ScaleError, tuple, u64, vec } from '@hamster/scale';
import type { Backend } from '../backend.ts';
import { NodeError } from '../errors.ts';
import type { ForeignBlock } from '../execution/verify-block.ts';
import { BODY, readHeader } from '../header-codec.ts';

const JUSTIFICATIONS = option(vec(tuple(fixedBytes(4), bytes), { max: 16 }));

const COUNT_BYTES = 8;
/** No block is longer: bytes that go on without one are no file of blocks. */
const MAX_BLOCK_BYTES = 32 * 2 ** 20;

/** First and last block number. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** Blocks as Substrate's `export-blocks --binary` writes them: how many, then each with its justifications. */
export function* encodeBlocks(backend: Backend, { from, to }: BlockRange): Generator<Uint8Array> {
  yield u64.encode(BigInt(to - from + 1));
  for (let number = from; number <= to; number++) yield encodeBlock(backend, number);
}

function encodeBlock(backend: Backend, number: number): Uint8Array {
  const hash = backend.hashAt(number);
  const header = hash && backend.encodedHeader(hash);
  const body = hash && backend.body(hash);
  if (!header || !body) throw lost(number);
  const one = backend.justification(hash);
  const justifications = one && [[Buffer.from(one.engine, 'latin1'), one.proof] as const];
  return Buffer.concat([header, BODY.encode([...body]), JUSTIFICATIONS.encode(justifications)]);
}

/** The blocks of such a file, read in pieces of any length. Throws NODE_BLOCK_FILE when it is cut, or no such file. */
export async function* decodeBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ForeignBlock> {
  let rest: Uint8Array = new Uint8Array();
  let left: bigint | undefined;
  for await (const piece of pieces) {
    rest = Buffer.concat([rest, piece]);
    if (left === undefined && rest.length >= COUNT_BYTES) {
      left = u64.decode(rest.subarray(0, COUNT_BYTES));
      rest = rest.subarray(COUNT_BYTES);
    }
    for (let next = left ? readBlock(rest) : undefined; next; next = left ? readBlock(rest) : undefined) {
      yield next.block;
      rest = rest.subarray(next.length);
      left = (left ?? 0n) - 1n;
    }
    // It may go on for ever.
    if (left === 0n && rest.length > 0) throw broken('something follows its last block');
  }
  if (left === undefined) throw broken('it has no number of blocks');
  if (left > 0n) throw broken(`${left} blocks are missing or cut at its end`);
}

/** The first block; undefined when not all of its bytes are there yet. */
function readBlock(encoded: Uint8Array): { block: ForeignBlock; length: number } | undefined {
  const reader = new Reader(encoded);
  try {
    const header = readHeader(reader, encoded);
    const body = BODY.decodeFrom(reader);
    const justification = JUSTIFICATIONS.decodeFrom(reader)?.[0];
    return { block: { header, body, ...asJustification(justification) }, length: reader.offset };
  } catch (error) {
    if (!(error instanceof ScaleError)) throw broken('it holds something that is no block');
    if (error.code === 'SCALE_END_OF_INPUT' && encoded.length < MAX_BLOCK_BYTES) return undefined;
    throw broken('it holds something that is no block');
  }
}

const asJustification = (given: readonly [Uint8Array, Uint8Array] | undefined) =>
  given && { justification: { engine: Buffer.from(given[0]).toString('latin1'), proof: given[1] } };

/** Blocks are kept for ever. */
const lost = (number: number): NodeError =>
  new NodeError(
    'NODE_DATABASE_DAMAGED',
    `Block #${number} is not in the database, which is damaged then. Put a copy back, or remove it (purge-chain) and let the node fetch or import the chain again.`,
  );

const broken = (why: string): NodeError =>
  new NodeError('NODE_BLOCK_FILE', `This is no complete file of exported blocks: ${why}`);
