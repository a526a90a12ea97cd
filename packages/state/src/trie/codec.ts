import { Reader, readLength, ScaleError, writeCompact, Writer } from '@hamster/scale';
import { StateError } from '../errors.ts';
import { Children, extent } from './children.ts';
import { copied, memory } from './memory.ts';
import { HASH_LENGTH, type Place, type TrieNode, type ValueRef } from './node.ts';
import { PLACE_BYTES, placeAt } from './places.ts';

/** The encoding of an empty trie's root. */
export const EMPTY_NODE = Uint8Array.of(0);

interface Kind {
  readonly bits: number;
  /** The header's bits that begin the length of the partial key; its largest value says that more bytes follow. */
  readonly mask: number;
  readonly branch: boolean;
  readonly value: 'none' | 'inline' | 'hash';
}

// Polkadot specification, section "State storage", node header. Longer markers come last: they begin with zeros.
const KINDS: readonly Kind[] = [
  { bits: 0b11_000000, mask: 63, branch: true, value: 'inline' },
  { bits: 0b10_000000, mask: 63, branch: true, value: 'none' },
  { bits: 0b01_000000, mask: 63, branch: false, value: 'inline' },
  { bits: 0b001_00000, mask: 31, branch: false, value: 'hash' },
  { bits: 0b0001_0000, mask: 15, branch: true, value: 'hash' },
];

/** `writer` is used and left empty. */
export function encodeNode(node: TrieNode, writer = new Writer(128)): Uint8Array {
  writePath(writer, kindOf(node), node.partial);
  if (node.children) writer.u16(node.children.bitmap);
  if (node.value) writeValue(writer, node.value);
  const head = writer.finish();
  writer.clear();
  return node.children ? joined(head, node.children.encoded) : head;
}

/**
 * The inverse of `encodeNode`, of which nothing is kept in the result. With `hasPlaces`, the places follow of what the node refers to: its
 * value, then its children in their order. Undefined for the empty node. Throws STATE_CORRUPT on bytes that are no node.
 */
export function decodeNode(bytes: Uint8Array, hasPlaces = false): TrieNode | undefined {
  if (bytes.length === 1 && bytes[0] === 0) return undefined;
  try {
    return readNode(bytes, hasPlaces);
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    throw new StateError('STATE_CORRUPT', `These ${bytes.length} bytes are no trie node: ${error.message}`);
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = memory(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function kindOf({ value, children }: TrieNode): Kind {
  const form = value === undefined ? 'none' : 'hash' in value ? 'hash' : 'inline';
  const kind = KINDS.find((each) => each.branch === Boolean(children) && each.value === form);
  if (!kind) throw new StateError('STATE_CORRUPT', 'A leaf of the trie has no value');
  return kind;
}

function writePath(writer: Writer, { bits, mask }: Kind, partial: Uint8Array): void {
  if (partial.length < mask) {
    writer.u8(bits | partial.length);
  } else {
    writer.u8(bits | mask);
    let rest = partial.length - mask;
    for (; rest >= 255; rest -= 255) writer.u8(255);
    writer.u8(rest);
  }
  const odd = partial.length % 2;
  if (odd) writer.u8(partial[0] ?? 0);
  for (let i = odd; i < partial.length; i += 2) writer.u8(((partial[i] ?? 0) << 4) | (partial[i + 1] ?? 0));
}

function writeValue(writer: Writer, value: ValueRef): void {
  if ('hash' in value) writer.raw(value.hash);
  else writeBytes(writer, value.inline);
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  writeCompact(writer, bytes.length);
  writer.raw(bytes);
}

function readNode(bytes: Uint8Array, hasPlaces: boolean): TrieNode {
  const reader = new Reader(bytes, { shares: true });
  const header = reader.u8();
  const kind = KINDS.find(({ bits, mask }) => (header & ~mask & 255) === bits);
  if (!kind) throw new StateError('STATE_CORRUPT', `0x${header.toString(16)} is no header of a trie node`);
  const partial = readPath(reader, header & kind.mask, kind.mask);
  const bitmap = kind.branch ? reader.u16() : 0;
  const value = readValue(reader, kind);
  const { length, stored } = extent(bytes, reader.offset, bitmap) ?? noBranch(bytes);
  const encoded = kind.branch ? copied(reader.raw(length)) : undefined;
  const place = (): Place => (hasPlaces ? placeAt(reader.raw(PLACE_BYTES), 0) : 0);
  return {
    partial,
    value: kind.value === 'hash' && value ? { hash: value, place: place() } : value && { inline: value },
    children: encoded && new Children(bitmap, encoded, readPlaces(reader, hasPlaces ? stored : 0, stored)),
  };
}

/** Those of so many that are there; zeros of the others. */
function readPlaces(reader: Reader, there: number, count: number): Uint8Array {
  return there > 0 ? copied(reader.raw(there * PLACE_BYTES)) : memory(count * PLACE_BYTES);
}

function noBranch({ length }: Uint8Array): never {
  throw new StateError('STATE_CORRUPT', `These ${length} bytes are no branch of a trie`);
}

function readPath(reader: Reader, start: number, mask: number): Uint8Array {
  let length = start;
  for (let more = start === mask ? 255 : 0; more === 255; length += more) more = reader.u8();
  const packed = reader.raw(Math.ceil(length / 2));
  const odd = length % 2;
  const path = memory(length);
  for (let i = 0; i < length; i++) {
    const byte = packed[(i + odd) >> 1] ?? 0;
    path[i] = (i + odd) % 2 ? byte & 15 : byte >> 4;
  }
  return path;
}

function readValue(reader: Reader, kind: Kind): Uint8Array | undefined {
  if (kind.value === 'none') return undefined;
  return (kind.value === 'hash' ? reader.raw(HASH_LENGTH) : readBytes(reader)).slice();
}

const readBytes = (reader: Reader): Uint8Array => reader.raw(readLength(reader));
