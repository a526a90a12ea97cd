import type { SignatureClaim, SignatureScheme } from '@hamster/crypto';

const SCHEMES: readonly SignatureScheme[] = ['sr25519', 'ed25519', 'ecdsa'];
/** In front of each claim: its scheme, and how long each of its three parts is. */
const NUMBERS = 4;

/** Claims in one piece of memory, to be handed to another thread without being copied again. */
export function packClaims(claims: readonly SignatureClaim[]): Uint8Array<ArrayBuffer> {
  const head = new Uint32Array(1 + claims.length * NUMBERS);
  head[0] = claims.length;
  let size = head.byteLength;
  for (const [index, { scheme, accountId, message, signature }] of claims.entries()) {
    head.set(
      [SCHEMES.indexOf(scheme), accountId.length, message.length, signature.length],
      1 + index * NUMBERS,
    );
    size += accountId.length + message.length + signature.length;
  }
  const packed = new Uint8Array(size);
  packed.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  const put = (part: Uint8Array): void => {
    packed.set(part, at);
    at += part.length;
  };
  for (const { accountId, message, signature } of claims) {
    put(accountId);
    put(message);
    put(signature);
  }
  return packed;
}

/** The inverse; the parts are views of `packed`. */
export function unpackClaims(packed: Uint8Array<ArrayBuffer>): SignatureClaim[] {
  const [count = 0] = new Uint32Array(packed.buffer, 0, 1);
  const numbers = new Uint32Array(packed.buffer, Uint32Array.BYTES_PER_ELEMENT, count * NUMBERS);
  let at = (1 + numbers.length) * Uint32Array.BYTES_PER_ELEMENT;
  const take = (length = 0): Uint8Array => packed.subarray(at, (at += length));
  return Array.from({ length: count }, (_, index) => {
    const [scheme = 0, ...lengths] = numbers.subarray(index * NUMBERS, (index + 1) * NUMBERS);
    const [accountId, message, signature] = [take(lengths[0]), take(lengths[1]), take(lengths[2])];
    return { scheme: SCHEMES[scheme] ?? 'sr25519', accountId, message, signature };
  });
}
