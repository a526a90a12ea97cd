import type { Hash } from '../../header.ts';
import {
  decodeBlockRequest,
  encodeBlockData,
  encodeBlockResponse,
  type BlockRequest,
} from '../messages/blocks.ts';
import type { ChainAccess } from '../chain-access.ts';

/** Blocks in one answer, as Substrate has it. */
export const MAX_BLOCKS_PER_ANSWER = 128;
/** An answer ends with the block that makes it longer than this; a block alone may be longer. */
const ENOUGH_BYTES = 2 * 2 ** 20;

/** Answers a request of sync/2: as many of the wanted blocks as are known and fit, possibly none. Throws PEER_MALFORMED. */
export function answerBlocks(chain: ChainAccess, message: Uint8Array): Uint8Array {
  const request = decodeBlockRequest(message);
  const blocks: Uint8Array[] = [];
  let size = 0;
  for (const hash of wantedBlocks(chain, request)) {
    const block = readBlock(chain, hash, request);
    if (!block) break;
    blocks.push(block);
    size += block.length;
    if (size >= ENOUGH_BYTES) break;
  }
  return encodeBlockResponse(blocks);
}

function* wantedBlocks(chain: ChainAccess, request: BlockRequest): Generator<Hash> {
  const { from, direction, maxBlocks } = request;
  const most = Math.min(maxBlocks || MAX_BLOCKS_PER_ANSWER, MAX_BLOCKS_PER_ANSWER);
  let hash = 'hash' in from ? from.hash : chain.hashAt(from.number);
  for (let count = 0; hash && count < most; count++) {
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

function readBlock(
  chain: ChainAccess,
  hash: Hash,
  { want, severalJustifications }: BlockRequest,
): Uint8Array | undefined {
  const header = chain.encodedHeader(hash);
  if (!header) return undefined;
  const body = want.body ? chain.body(hash) : undefined;
  // A block without the body that was asked for would look like an empty one.
  if (want.body && !body) return undefined;
  const block = {
    hash,
    header: want.header ? header : undefined,
    body,
    justification: want.justification ? chain.justification(hash) : undefined,
  };
  return encodeBlockData(block, severalJustifications);
}
