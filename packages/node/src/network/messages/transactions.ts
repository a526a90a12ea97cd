import { Reader, readLength, writeCompact, Writer } from '@hamster/scale';
import { NetworkError } from '../errors.ts';
import { reading } from './reading.ts';

/** In one message. Substrate sends far fewer. */
export const MAX_TRANSACTIONS = 4096;

/** `Vec<Extrinsic>`, where each extrinsic keeps its own length prefix. */
export function encodeTransactions(extrinsics: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer(extrinsics.reduce((sum, { length }) => sum + length, 4));
  writeCompact(writer, extrinsics.length);
  for (const extrinsic of extrinsics) writer.raw(extrinsic);
  return writer.finish();
}

/** Throws PEER_MALFORMED or PEER_EXCESSIVE. */
export function decodeTransactions(message: Uint8Array): Uint8Array[] {
  return reading('transactions', () => {
    const reader = new Reader(message);
    const extrinsics: Uint8Array[] = [];
    const count = readLength(reader);
    if (count > MAX_TRANSACTIONS) throw new NetworkError('PEER_EXCESSIVE', `${count} transactions at once`);
    while (extrinsics.length < count) extrinsics.push(readExtrinsic(reader, message));
    return extrinsics;
  });
}

function readExtrinsic(reader: Reader, source: Uint8Array): Uint8Array {
  const start = reader.offset;
  reader.raw(readLength(reader));
  return source.slice(start, reader.offset);
}
