import { bytes, fixedBytes, tuple, u32, vec } from '@hamster/scale';
import type { Justification } from '../../consensus/consensus.ts';
import { GRANDPA, grandpaProof } from '../../consensus/grandpa.ts';
import { hashBytes, hashText } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { malformed } from '../errors.ts';
import { type Fields, MessageWriter, readMessage } from '../wire/protobuf.ts';
import { reading } from './reading.ts';

/** `api.v1.BlockRequest` of sync/2. */
export interface BlockRequest {
  readonly want: { readonly header: boolean; readonly body: boolean; readonly justification: boolean };
  readonly from: { readonly number: number } | { readonly hash: Hash };
  readonly direction: 'ascending' | 'descending';
  /** 0 for as many as the other side likes. */
  readonly maxBlocks: number;
  readonly severalJustifications: boolean;
}

/** `api.v1.BlockData`, with what was asked for of it. */
export interface BlockData {
  readonly hash: Hash;
  /** SCALE encoded. */
  readonly header: Uint8Array | undefined;
  readonly body: readonly Uint8Array[] | undefined;
  readonly justification: Justification | undefined;
}

const REQUEST = {
  fields: 1,
  hash: 2,
  number: 3,
  direction: 5,
  maxBlocks: 6,
  severalJustifications: 7,
} as const;
const RESPONSE = { blocks: 1 } as const;
const BLOCK = {
  hash: 1,
  header: 2,
  body: 3,
  justification: 6,
  emptyJustification: 7,
  justifications: 8,
} as const;

/** `BlockAttributes`, in the highest byte of the field. */
const WANT = { header: 1, body: 2, justification: 16 } as const;
const WANT_SHIFT = 24;
const DESCENDING = 1;
const MAX_REQUEST_FIELDS = 16;
/** Extrinsics of one block, and a few more. */
const MAX_BLOCK_FIELDS = 65_536;

/** `sp_runtime::Justifications`. */
const JUSTIFICATIONS = vec(tuple(fixedBytes(4), bytes), { max: 8 });

export function encodeBlockRequest(request: BlockRequest): Uint8Array {
  const { want, from, direction, maxBlocks, severalJustifications } = request;
  const bits =
    (want.header ? WANT.header : 0) |
    (want.body ? WANT.body : 0) |
    (want.justification ? WANT.justification : 0);
  return new MessageWriter()
    .uint(REQUEST.fields, (bits << WANT_SHIFT) >>> 0)
    .bytes(REQUEST.hash, 'hash' in from ? hashBytes(from.hash) : undefined)
    .bytes(REQUEST.number, 'number' in from ? u32.encode(from.number) : undefined)
    .uint(REQUEST.direction, direction === 'descending' ? DESCENDING : 0)
    .uint(REQUEST.maxBlocks, maxBlocks)
    .bool(REQUEST.severalJustifications, severalJustifications)
    .finish();
}

/** Throws PEER_MALFORMED. */
export function decodeBlockRequest(message: Uint8Array): BlockRequest {
  const fields = readMessage(message, MAX_REQUEST_FIELDS);
  const bits = fields.uint(REQUEST.fields) >>> WANT_SHIFT;
  return {
    want: {
      header: (bits & WANT.header) !== 0,
      body: (bits & WANT.body) !== 0,
      justification: (bits & WANT.justification) !== 0,
    },
    from: fromOf(fields.bytes(REQUEST.hash), fields.bytes(REQUEST.number)),
    direction: fields.uint(REQUEST.direction) === DESCENDING ? 'descending' : 'ascending',
    maxBlocks: fields.uint(REQUEST.maxBlocks),
    severalJustifications: fields.uint(REQUEST.severalJustifications) !== 0,
  };
}

function fromOf(hash: Uint8Array | undefined, number: Uint8Array | undefined): BlockRequest['from'] {
  if (hash) return { hash: hash32(hash) };
  if (!number || number.length < 4) throw malformed('a request of blocks that names none');
  // Substrate writes a number as wide as the sender's chain has it.
  if (number.subarray(4).some((byte) => byte !== 0)) throw malformed('a block number above 32 bits');
  return { number: u32.decode(number.subarray(0, 4)) };
}

/** The bytes of a block in a response: made one by one, so that the response can end when it is long enough. */
export function encodeBlockData(block: BlockData, severalJustifications: boolean): Uint8Array {
  const { justification } = block;
  return new MessageWriter()
    .bytes(BLOCK.hash, hashBytes(block.hash))
    .bytes(BLOCK.header, block.header)
    .repeated(BLOCK.body, block.body ?? [])
    .bytes(BLOCK.justification, severalJustifications ? undefined : grandpaProof(justification))
    .bytes(BLOCK.justifications, severalJustifications ? encodeJustification(justification) : undefined)
    .finish();
}

export const encodeBlockResponse = (blocks: readonly Uint8Array[]): Uint8Array =>
  new MessageWriter().repeated(RESPONSE.blocks, blocks).finish();

/** The blocks of a response, each still to be decoded, when its turn comes. Throws PEER_MALFORMED. */
export const decodeBlockResponse = (message: Uint8Array, maxBlocks: number): Uint8Array[] =>
  readMessage(message, maxBlocks).all(RESPONSE.blocks);

/** Throws PEER_MALFORMED. */
export function decodeBlockData(message: Uint8Array): BlockData {
  const fields = readMessage(message, MAX_BLOCK_FIELDS);
  const hash = fields.bytes(BLOCK.hash);
  if (!hash) throw malformed('a block without a hash');
  return {
    hash: hash32(hash),
    header: fields.bytes(BLOCK.header),
    body: fields.all(BLOCK.body).map(extrinsicOf),
    justification: justificationOf(fields),
  };
}

function extrinsicOf(bytes: Uint8Array): Uint8Array {
  const extrinsic = opaqueExtrinsic(bytes);
  if (!extrinsic) throw malformed('an extrinsic of fewer bytes than it says');
  return extrinsic;
}

function encodeJustification(justification: Justification | undefined): Uint8Array | undefined {
  if (!justification) return undefined;
  const engine = Buffer.from(justification.engine, 'latin1');
  return JUSTIFICATIONS.encode([[engine, justification.proof]]);
}

/** Whoever asks for a single one is given that of GRANDPA; of several the first one, for the consensus to judge. */
function justificationOf(fields: Fields): Justification | undefined {
  const alone = fields.bytes(BLOCK.justification);
  if (alone) return { engine: GRANDPA, proof: alone };
  const several = fields.bytes(BLOCK.justifications);
  const all = several ? reading('justifications', () => JUSTIFICATIONS.decode(several)) : [];
  const [first] = all;
  return first && { engine: Buffer.from(first[0]).toString('latin1'), proof: first[1] };
}

function hash32(hash: Uint8Array): Hash {
  if (hash.length !== 32) throw malformed(`a hash of ${hash.length} bytes`);
  return hashText(hash);
}
