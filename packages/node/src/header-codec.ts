import { blake2b256 } from '@hamster/crypto';
import {
  bytes,
  compact,
  fixedBytes,
  Reader,
  readLength,
  tuple,
  u32,
  u8,
  vec,
  writeCompact,
  Writer,
} from '@hamster/scale';
import { NodeError } from './errors.ts';
import { hashBytes, hashText } from './hash.ts';
import type { Hash, Header } from './header.ts';

const hash = fixedBytes(32);
const number = compact(u32);
const engineId = fixedBytes(4);

/** First byte of an encoded digest item, as in `sp_runtime::generic::DigestItem`. */
export const DIGEST = { other: 0, consensus: 4, seal: 5, preRuntime: 6, runtimeUpdated: 8 } as const;

/** SCALE, as Substrate's `generic::Header<u32, BlakeTwo256>`. */
export function encodeHeader(header: Header): Uint8Array {
  const writer = new Writer(256);
  hash.encodeInto(writer, hashBytes(header.parentHash));
  number.encodeInto(writer, header.number);
  hash.encodeInto(writer, hashBytes(header.stateRoot));
  hash.encodeInto(writer, hashBytes(header.extrinsicsRoot));
  writeCompact(writer, header.digest.length);
  for (const item of header.digest) writer.raw(item);
  return writer.finish();
}

/** Throws ScaleError or NODE_BLOCK_REFUSED on bytes that are no header. */
export function decodeHeader(encoded: Uint8Array): Header {
  const reader = new Reader(encoded);
  const header = readHeader(reader, encoded);
  if (reader.remaining === 0) return header;
  throw new NodeError('NODE_BLOCK_REFUSED', `A header has ${reader.remaining} bytes too many`);
}

/** A header in front of other things; `source` is what the reader reads. */
export function readHeader(reader: Reader, source: Uint8Array): Header {
  return {
    parentHash: hashText(hash.decodeFrom(reader)),
    number: number.decodeFrom(reader),
    stateRoot: hashText(hash.decodeFrom(reader)),
    extrinsicsRoot: hashText(hash.decodeFrom(reader)),
    digest: Array.from({ length: readCount(reader) }, () => readItem(reader, source)),
  };
}

/** A header says little in its digest: a claim of more than this is no header, and nothing is allocated for it. */
const MAX_DIGEST_ITEMS = 64;

function readCount(reader: Reader): number {
  const count = readLength(reader);
  if (count <= MAX_DIGEST_ITEMS) return count;
  throw new NodeError('NODE_BLOCK_REFUSED', `A header claims ${count} digest items`);
}

export const headerHash = (encoded: Uint8Array): Hash => hashText(blake2b256(encoded));

const engineItem = tuple(u8, engineId, bytes);

const engineBytes = (engine: string): Uint8Array => new TextEncoder().encode(engine);

/** A digest item of a consensus engine, such as `DigestItem::PreRuntime(engine, data)`. `engine` has four letters. */
export const engineDigest = (kind: number, engine: string, data: Uint8Array): Uint8Array =>
  engineItem.encode([kind, engineBytes(engine), data]);

/** The data of a digest item, if it is of this kind and engine. */
export function readEngineDigest(item: Uint8Array, kind: number, engine: string): Uint8Array | undefined {
  const head = Uint8Array.of(kind, ...engineBytes(engine));
  if (Buffer.compare(item.subarray(0, head.length), head) !== 0) return undefined;
  const [, , data] = engineItem.decode(item);
  return data;
}

function readItem(reader: Reader, source: Uint8Array): Uint8Array {
  const start = reader.offset;
  const kind = reader.u8();
  if (kind === DIGEST.consensus || kind === DIGEST.seal || kind === DIGEST.preRuntime) reader.raw(4);
  else if (kind !== DIGEST.other && kind !== DIGEST.runtimeUpdated) {
    throw new NodeError('NODE_BLOCK_REFUSED', `A header has a digest item of unknown kind ${kind}`);
  }
  if (kind !== DIGEST.runtimeUpdated) reader.raw(readLength(reader));
  return source.slice(start, reader.offset);
}

/** The extrinsics of a block, each as its own bytes. */
export const BODY = vec(bytes);
