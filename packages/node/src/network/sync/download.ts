import type { Connection } from '@libp2p/interface';
import type { BlockId } from '../../backend.ts';
import type { Justification } from '../../consensus/consensus.ts';
import type { ForeignBlock } from '../../execution/verify-block.ts';
import { decodeHeader, headerHash } from '../../header-codec.ts';
import type { Hash, Header } from '../../header.ts';
import { NetworkError } from '../errors.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import {
  decodeBlockData,
  decodeBlockResponse,
  encodeBlockRequest,
  type BlockRequest,
} from '../messages/blocks.ts';
import { reading } from '../messages/reading.ts';
import { MAX_BLOCKS_PER_ANSWER } from '../serve/blocks.ts';
import { ask } from '../wire/requests.ts';

export interface Download {
  readonly protocol: string;
  /** Number of the first block. */
  readonly from: number;
  readonly signal: AbortSignal;
}

/** Asks a peer for the next blocks of its best chain; answers them undecoded. Rejects with NetworkError. */
export async function downloadBlocks(connection: Connection, download: Download): Promise<Uint8Array[]> {
  const want = { header: true, body: true, justification: true };
  const blocks = await askForBlocks(connection, download, { want, maxBlocks: MAX_BLOCKS_PER_ANSWER });
  if (blocks.length > 0) return blocks;
  throw new NetworkError('PEER_FALSE', `The peer has no block #${download.from}, and said that it had`);
}

/** Asks a peer which block it has at that place of its best chain, if any. Rejects with NetworkError. */
export async function downloadId(connection: Connection, download: Download): Promise<BlockId | undefined> {
  const want = { header: true, body: false, justification: false };
  const [block] = await askForBlocks(connection, download, { want, maxBlocks: 1 });
  return block && { hash: decodeBlockData(block).hash, number: download.from };
}

async function askForBlocks(
  connection: Connection,
  { protocol, from, signal }: Download,
  what: Pick<BlockRequest, 'want' | 'maxBlocks'>,
): Promise<Uint8Array[]> {
  const body = encodeBlockRequest({
    ...what,
    from: { number: from },
    direction: 'ascending',
    severalJustifications: true,
  });
  const maxResponseBytes = MESSAGE_BYTES.syncResponse;
  const response = await ask(connection, { protocol, body, signal, maxResponseBytes });
  return decodeBlockResponse(response, what.maxBlocks);
}

/** The block in a peer's answer. Throws PEER_MALFORMED or PEER_FALSE. */
export function openBlock(encoded: Uint8Array): ForeignBlock {
  const { hash, header: encodedHeader, body, justification } = decodeBlockData(encoded);
  if (!encodedHeader || !body)
    throw new NetworkError('PEER_FALSE', `Block ${hash} came without header or body`);
  const header = reading('a header', () => decodeHeader(encodedHeader));
  if (headerHash(encodedHeader) !== hash) {
    throw new NetworkError(
      'PEER_FALSE',
      `Block #${header.number} has not the hash ${hash} under which it came`,
    );
  }
  return { header, body, ...(justification && { justification }) };
}

/** Cheap to check, before anything of a block is executed. Throws PEER_FALSE unless it stands on the best one. */
export function requireOnTop({ number, parentHash }: Header, best: BlockId): void {
  if (number === best.number + 1 && parentHash === best.hash) return;
  throw new NetworkError(
    'PEER_FALSE',
    `Block #${number} on ${parentHash} came instead of #${best.number + 1} on ${best.hash}`,
  );
}

/** Asks a peer why a block is final. Undefined when it does not say. */
export async function downloadJustification(
  connection: Connection,
  {
    protocol,
    hash,
    signal,
  }: { readonly protocol: string; readonly hash: Hash; readonly signal: AbortSignal },
): Promise<Justification | undefined> {
  const body = encodeBlockRequest({
    want: { header: false, body: false, justification: true },
    from: { hash },
    direction: 'ascending',
    maxBlocks: 1,
    severalJustifications: true,
  });
  const response = await ask(connection, {
    protocol,
    body,
    signal,
    maxResponseBytes: MESSAGE_BYTES.finality,
  });
  const [block] = decodeBlockResponse(response, 1);
  return block && decodeBlockData(block).justification;
}
