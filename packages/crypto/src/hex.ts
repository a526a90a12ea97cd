import { MalformedInput } from './errors.ts';

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** Lower-case hex with the 0x prefix, as Substrate's JSON-RPC writes bytes. */
export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** The bytes of a 0x-prefixed hex text. Throws `MalformedInput` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) {
    throw new MalformedInput(`Expected 0x-prefixed hex of whole bytes, got "${text.slice(0, 80)}"`);
  }
  const bytes = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
