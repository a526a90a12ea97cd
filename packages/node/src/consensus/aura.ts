import { verifySignature } from '@hamster/crypto';
import { u64 } from '@hamster/scale';
import { NodeError } from '../errors.ts';
import { hashBytes } from '../hash.ts';
import { DIGEST, encodeHeader, engineDigest, headerHash, readEngineDigest } from '../header-codec.ts';
import type { Header } from '../header.ts';
import type { Signer } from './keys.ts';

const ENGINE = 'aura';
const SLOT_BYTES = 8;

/** How a header tells its slot: `PreRuntime("aura", slot)`. */
export const slotDigest = (slot: bigint): Uint8Array =>
  engineDigest(DIGEST.preRuntime, ENGINE, u64.encode(slot));

/** The slot that a header claims; 0 for the first block of all. Throws NODE_BLOCK_REFUSED unless it claims one. */
export function slotOf(header: Header): bigint {
  if (header.number === 0) return 0n;
  const [slot, second] = header.digest.flatMap(
    (item) => readEngineDigest(item, DIGEST.preRuntime, ENGINE) ?? [],
  );
  if (slot?.length === SLOT_BYTES && !second) return u64.decode(slot);
  throw refused(header, 'it must name one slot');
}

/** Signs the hash of the header and puts the seal at its end. */
export function sealHeader(header: Header, author: Signer): Header {
  const seal = author.sign(sealedMessage(header));
  return { ...header, digest: [...header.digest, engineDigest(DIGEST.seal, ENGINE, seal)] };
}

/** Throws NODE_BLOCK_REFUSED unless the last item is the one seal, and `author` made it. */
export function verifySeal(header: Header, author: Uint8Array): void {
  const signature = readEngineDigest(header.digest.at(-1) ?? new Uint8Array(), DIGEST.seal, ENGINE);
  const unsealed = { ...header, digest: header.digest.slice(0, -1) };
  if (!signature || unsealed.digest.some(([kind]) => kind === DIGEST.seal)) {
    throw refused(header, 'it must end with one seal of its author');
  }
  const claim = {
    scheme: 'sr25519',
    accountId: author,
    message: sealedMessage(unsealed),
    signature,
  } as const;
  if (!verifySignature(claim)) throw refused(header, 'its seal is not that of the author whose turn it was');
}

export function isSealedBy(header: Header, author: Uint8Array): boolean {
  try {
    verifySeal(header, author);
    return true;
  } catch (error) {
    if (error instanceof NodeError) return false;
    throw error;
  }
}

export const refused = ({ number }: Pick<Header, 'number'>, why: string): NodeError =>
  new NodeError('NODE_BLOCK_REFUSED', `Block #${number} is refused: ${why}`);

const sealedMessage = (unsealed: Header): Uint8Array => hashBytes(headerHash(encodeHeader(unsealed)));
