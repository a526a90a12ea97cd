import { hashText } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { malformed, unavailable } from '../errors.ts';
import { encodeWarpProof, type WarpFragment } from '../messages/warp.ts';
import type { ChainAccess } from '../chain-access.ts';

/**
 * Answers a request of sync/warp, a block's hash, by the way from there to the newest block that is proved to be final. The
 * authorities of this chain have not changed on the way, so that it is a single step. Throws PEER_MALFORMED or NOT_AVAILABLE.
 */
export function answerWarp(chain: ChainAccess, message: Uint8Array): Uint8Array {
  if (message.length !== 32) throw malformed(`a warp request of ${message.length} bytes`);
  const begin = hashText(message);
  const header = chain.header(begin);
  if (!header || chain.hashAt(header.number) !== begin)
    throw unavailable(`Block ${begin} is not on this chain`);
  const last = newestProved(chain);
  const isBehind = last && header.number < last.number;
  return encodeWarpProof({ fragments: isBehind ? [last.fragment] : [], isFinished: true });
}

/** Blocks that may be final without a proof of their own behind the last one that has it. */
const MAX_UNPROVED = 4096;

function newestProved(chain: ChainAccess): { number: number; fragment: WarpFragment } | undefined {
  const final = chain.finalized();
  let hash: Hash | undefined = final.hash;
  for (let number = final.number; hash && number > 0 && number > final.number - MAX_UNPROVED; number--) {
    const header = chain.encodedHeader(hash);
    const justification = chain.justification(hash);
    if (header && justification) return { number, fragment: { header, justification: justification.proof } };
    hash = chain.hashAt(number - 1);
  }
  return undefined;
}
