import { MalformedInput } from './errors.ts';
import { blake2b512 } from './hashes.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const CONTEXT = new TextEncoder().encode('SS58PRE');
const ACCOUNT_LENGTH = 32;
const CHECKSUM_LENGTH = 2;
/** Longer texts are refused before any arithmetic: an address of 32 bytes has at most 50 characters. */
const MAX_TEXT = 64;

/** The SS58 text of a 32-byte account id. `prefix` 0..63 (one byte) is all that this chain needs. */
export function ss58Encode(accountId: Uint8Array, prefix = 42): string {
  if (accountId.length !== ACCOUNT_LENGTH || prefix < 0 || prefix > 63) {
    throw new MalformedInput(
      `Cannot write ${accountId.length} bytes with prefix ${prefix} as an SS58 address`,
    );
  }
  const body = Uint8Array.of(prefix, ...accountId);
  return base58Encode(Uint8Array.of(...body, ...checksum(body)));
}

/** The account id of an SS58 text with a one-byte prefix. Throws `MalformedInput` with the reason. */
export function ss58Decode(text: string): { accountId: Uint8Array; prefix: number } {
  const bytes = base58Decode(text);
  const [prefix] = bytes;
  if (prefix === undefined || prefix > 63 || bytes.length !== 1 + ACCOUNT_LENGTH + CHECKSUM_LENGTH) {
    throw new MalformedInput(`"${text.slice(0, MAX_TEXT)}" is not an SS58 account address`);
  }
  const body = bytes.subarray(0, 1 + ACCOUNT_LENGTH);
  if (Buffer.compare(checksum(body), bytes.subarray(1 + ACCOUNT_LENGTH)) !== 0) {
    throw new MalformedInput(`The checksum of address "${text}" is wrong: it was mistyped or cut`);
  }
  return { accountId: body.slice(1), prefix };
}

function checksum(body: Uint8Array): Uint8Array {
  return blake2b512(Uint8Array.of(...CONTEXT, ...body)).subarray(0, CHECKSUM_LENGTH);
}

function base58Encode(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text;
}

function base58Decode(text: string): Uint8Array {
  if (text.length === 0 || text.length > MAX_TEXT) {
    throw new MalformedInput(`An SS58 address has up to ${MAX_TEXT} characters, got ${text.length}`);
  }
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit === -1) throw new MalformedInput(`"${character}" cannot occur in an SS58 address`);
    value = value * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = value === 0n ? '' : value.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from(Buffer.concat([Buffer.alloc(zeros), Buffer.from(digits, 'hex')]));
}
