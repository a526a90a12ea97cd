import { Reader } from '@hamster/scale';

import { readText } from './text.ts';

/** `type base64 [comment]`, printable ASCII only: no options in front, no second line, nothing that a terminal acts on. */
const LINE = /^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) ([A-Za-z0-9+/]+={0,2})( [\x20-\x7e]*)?$/;

const RSA_BITS = { min: 2048, max: 8192 };

const decodeBase64 = (text: string): Uint8Array | undefined => {
  if (text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined;
};

/** The fields of an SSH public key blob (RFC 4253, 6.6): each has a big-endian length in front. */
const splitFields = (blob: Uint8Array): Uint8Array[] | undefined => {
  const reader = new Reader(blob);
  const fields: Uint8Array[] = [];
  while (reader.remaining > 0) {
    if (reader.remaining < 4) return undefined;
    const length = new DataView(reader.raw(4).slice().buffer).getUint32(0);
    if (length > reader.remaining) return undefined;
    fields.push(reader.raw(length));
  }
  return fields;
};

const isUncompressedPoint = (point: Uint8Array): boolean => point.length === 65 && point[0] === 4;

/** A positive number without needless zeros in front (RFC 4251, mpint). */
const mpintBits = (value: Uint8Array): number => {
  const [first = 0, second = 0] = value;
  if (first >= 128 || (first === 0 && second < 128)) return 0;
  const body = first === 0 ? value.subarray(1) : value;
  return body.length * 8 - (Math.clz32(body[0] ?? 0) - 24);
};

const isRsa = (exponent: Uint8Array, modulus: Uint8Array): boolean => {
  const bits = mpintBits(modulus);
  return mpintBits(exponent) > 1 && exponent.length <= 8 && bits >= RSA_BITS.min && bits <= RSA_BITS.max;
};

const EMPTY = new Uint8Array();

/** Checks the fields behind the type, which stands at the beginning of the blob again. */
const hasBody = (type: string, body: readonly Uint8Array[]): boolean => {
  const [first = EMPTY, second = EMPTY] = body;
  if (type === 'ssh-ed25519') return body.length === 1 && first.length === 32;
  if (body.length !== 2) return false;
  if (type === 'ssh-rsa') return isRsa(first, second);
  return readText(first) === 'nistp256' && isUncompressedPoint(second);
};

/**
 * Whether `key` is one line of an OpenSSH public key that may be put into `authorized_keys` or `known_hosts` as it is.
 * Syntax only: that somebody holds the secret half shows when they log in.
 */
export const isSshPublicKey = (key: Uint8Array): boolean => {
  const [, type = '', base64 = ''] = LINE.exec(readText(key) ?? '') ?? [];
  const blob = type === '' ? undefined : decodeBase64(base64);
  const fields = blob && splitFields(blob);
  if (!fields) return false;
  const [inner = EMPTY, ...body] = fields;
  return readText(inner) === type && hasBody(type, body);
};
