import { bytes, compact, fieldsCodec, fixedBytes, u32 } from '@hamster/scale';
import type { Backend, BlockId } from '../backend.ts';
import { grandpaProof } from '../consensus/grandpa.ts';
import { hashBytes } from '../hash.ts';

/** In front of the headers of a `sc_consensus_grandpa::FinalityProof`. */
const HEAD = fieldsCodec({ block: fixedBytes(32), justification: bytes });
const COUNT = compact(u32);

/**
 * Headers behind the block; a proof without the rest is one all the same. Substrate takes a hundred times as many. Read at once and not
 * in slices: with those of thousands of callers under way, who need nothing but a line each, nobody else got a turn, nor had memory.
 */
const MAX_HEADERS = 1024;
/** Blocks that may be final without a proof of their own behind the last one that has it. */
const MAX_UNPROVED = 4096;

/**
 * Proves that the final block of this number is final: by the justification of the last block of its set of validators, or the
 * newest one there is, and the headers that lead from the block to that one. Undefined where there is none.
 */
export function finalityProof(backend: Backend, number: number): Uint8Array | undefined {
  const proved = provedBlock(backend, number);
  if (!proved) return undefined;
  const { block, justification } = proved;
  const headers = headersBehind(backend, number, block.number);
  const head = HEAD.encode({ block: hashBytes(block.hash), justification });
  return Buffer.concat([head, COUNT.encode(headers.length), ...headers]);
}

interface Proved {
  readonly block: BlockId;
  readonly justification: Uint8Array;
}

function provedBlock(backend: Backend, number: number): Proved | undefined {
  const final = backend.finalized();
  // The set that ends with a block is in force on that block still.
  for (const end of backend.setEnds(number - 1))
    return end.number > final.number ? undefined : proofOf(backend, end);
  const floor = Math.max(0, final.number - MAX_UNPROVED);
  for (let height = final.number; height >= floor; height--) {
    const hash = backend.hashAt(height);
    const proved = hash && proofOf(backend, { hash, number: height });
    if (proved) return proved;
  }
  return undefined;
}

function proofOf(backend: Backend, block: BlockId): Proved | undefined {
  const justification = grandpaProof(backend.justification(block.hash));
  return justification && { block, justification };
}

function headersBehind(backend: Backend, from: number, to: number): Uint8Array[] {
  const headers: Uint8Array[] = [];
  for (let number = from + 1; number <= to && headers.length < MAX_HEADERS; number++) {
    const hash = backend.hashAt(number);
    const header = hash && backend.encodedHeader(hash);
    if (!header) break;
    headers.push(header);
  }
  return headers;
}
