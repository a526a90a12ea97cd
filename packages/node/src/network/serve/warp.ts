import { grandpaProof } from '../../consensus/grandpa.ts';
import { hashText } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { malformed, unavailable } from '../errors.ts';
import { encodeWarpProof, type WarpFragment, type WarpProof } from '../messages/warp.ts';
import type { ChainAccess } from '../chain-access.ts';

/** An answer ends with the step that makes it longer than this; what is behind that is asked for next. */
const ENOUGH_BYTES = 2 * 2 ** 20;

/**
 * Answers a request of sync/warp, a block's hash, by the way from there to the newest block that is proved to be final: a step
 * for each change of the validators, whom the one before names, and one to the end. Throws PEER_MALFORMED or NOT_AVAILABLE.
 */
export function answerWarp(chain: ChainAccess, message: Uint8Array): Uint8Array {
  if (message.length !== 32) throw malformed(`a warp request of ${message.length} bytes`);
  const begin = hashText(message);
  const header = chain.header(begin);
  if (!header || chain.hashAt(header.number) !== begin)
    throw unavailable(`Block ${begin} is not on this chain`);
  return encodeWarpProof(proofFrom(chain, header.number));
}

function proofFrom(chain: ChainAccess, begin: number): WarpProof {
  const fragments: WarpFragment[] = [];
  let [reached, size] = [begin, 0];
  for (const end of chain.setEnds(begin)) {
    if (end.number > chain.finalized().number) break;
    const fragment = fragmentOf(chain, end.hash);
    if (!fragment) throw unavailable(`The proof that block #${end.number} is final`);
    fragments.push(fragment);
    reached = end.number;
    size += fragment.header.length + fragment.justification.length;
    if (size >= ENOUGH_BYTES) return { fragments, isFinished: false };
  }
  const last = newestProved(chain, reached);
  return { fragments: last ? [...fragments, last] : fragments, isFinished: true };
}

/** Blocks that may be final without a proof of their own behind the last one that has it. */
const MAX_UNPROVED = 4096;

/** The newest step, if it leads above that number. */
function newestProved(chain: ChainAccess, above: number): WarpFragment | undefined {
  const final = chain.finalized();
  const floor = Math.max(above, final.number - MAX_UNPROVED);
  let hash: Hash | undefined = final.hash;
  for (let number = final.number; hash && number > floor; number--) {
    const fragment = fragmentOf(chain, hash);
    if (fragment) return fragment;
    hash = chain.hashAt(number - 1);
  }
  return undefined;
}

function fragmentOf(chain: ChainAccess, hash: Hash): WarpFragment | undefined {
  const header = chain.encodedHeader(hash);
  const justification = grandpaProof(chain.justification(hash));
  return header && justification && { header, justification };
}
