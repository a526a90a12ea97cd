import type { Hash } from '../../header.ts';
import {
  decodeBlockRequest,
  encodeBlockData,
  encodeBlockResponse,
  type BlockRequest,
} from '../messages/blocks.ts';
import type { ChainAccess } from '../chain-access.ts';
import { verifiableUpTo } from '../provable.ts';
import type { Peer } from '../peers.ts';

/** Blocks in one answer, as Substrate has it. */
export const MAX_BLOCKS_PER_ANSWER = 128;
/** An answer ends with the block that makes it longer than this; a block alone may be longer. */
const ENOUGH_BYTES = 2 * 2 ** 20;

type Asker = Pick<Peer, 'role' | 'best' | 'finalized'>;

/**
 * Answers a request of sync/2: as many of the wanted blocks as are known and fit, possibly none. A light client, which looks
 * at the newest justification first, is given those alone that it can verify. Throws PEER_MALFORMED.
 */
export function answerBlocks(chain: ChainAccess, message: Uint8Array, asker?: Asker): Uint8Array {
  const request = decodeBlockRequest(message);
  const provableTo = asker?.role === 'light' ? provableToLight(chain, request, asker) : Infinity;
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (const hash of wantedBlocks(chain, request)) {
    const block = readBlock(chain, hash, { request, provableTo });
    if (!block) break;
    blocks.push(block);
    size += block.length;
    if (size >= ENOUGH_BYTES) break;
  }
  return encodeBlockResponse(blocks);
}

const mostOf = ({ maxBlocks }: BlockRequest): number =>
  Math.min(maxBlocks || MAX_BLOCKS_PER_ANSWER, MAX_BLOCKS_PER_ANSWER);

/**
 * Number of the last block whose justification it can verify; none of blocks behind a gap, which it asks for from the newest to the
 * oldest: smoldot up to 2.0 looks at justifications at once, and bans for one of a block that it cannot trace back.
 */
function provableToLight(chain: ChainAccess, request: BlockRequest, { best, finalized = 0 }: Asker): number {
  const hasAllUpTo = Math.max(best.number, finalized);
  return lowestOf(chain, request) <= hasAllUpTo + 1 ? verifiableUpTo(chain, finalized) : -1;
}

/** Number of the oldest block that is asked for. */
function lowestOf(chain: ChainAccess, request: BlockRequest): number {
  const { from, direction } = request;
  const first = 'hash' in from ? (chain.header(from.hash)?.number ?? 0) : from.number;
  return direction === 'descending' ? Math.max(1, first - mostOf(request) + 1) : first;
}

function* wantedBlocks(chain: ChainAccess, request: BlockRequest): Generator<Hash> {
  const { from, direction } = request;
  let hash = 'hash' in from ? from.hash : chain.hashAt(from.number);
  for (let count = 0; hash && count < mostOf(request); count++) {
    yield hash;
    hash = direction === 'descending' ? parentOf(chain, hash) : childOf(chain, hash);
  }
}

function parentOf(chain: ChainAccess, hash: Hash): Hash | undefined {
  const header = chain.header(hash);
  return header && header.number > 0 ? header.parentHash : undefined;
}

/** On the best chain alone: of two children of another block, neither is the one that is meant. */
function childOf(chain: ChainAccess, hash: Hash): Hash | undefined {
  const header = chain.header(hash);
  if (!header || chain.hashAt(header.number) !== hash) return undefined;
  return chain.hashAt(header.number + 1);
}

interface Reading {
  readonly request: BlockRequest;
  /** Number of the last block whose justification the asker can verify. */
  readonly provableTo: number;
}

function readBlock(
  chain: ChainAccess,
  hash: Hash,
  { request: { want, severalJustifications }, provableTo }: Reading,
): Uint8Array | undefined {
  const header = chain.encodedHeader(hash);
  if (!header) return undefined;
  const body = want.body ? chain.body(hash) : undefined;
  // A block without the body that was asked for would look like an empty one.
  if (want.body && !body) return undefined;
  const isProvable = provableTo === Infinity || (chain.header(hash)?.number ?? 0) <= provableTo;
  const block = {
    hash,
    header: want.header ? header : undefined,
    body,
    justification: want.justification && isProvable ? chain.justification(hash) : undefined,
  };
  return encodeBlockData(block, severalJustifications);
}
