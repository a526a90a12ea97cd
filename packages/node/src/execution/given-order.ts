import type { DecodedExtrinsic } from '@hamster/frame';
import { hashText } from '../hash.ts';
import type { BlockOrder } from './build-block.ts';

/** These and nothing else, one after the other. */
export function givenOrder(extrinsics: readonly DecodedExtrinsic[]): BlockOrder {
  const rest = extrinsics.map((extrinsic) => ({ hash: hashText(extrinsic.hash), extrinsic }));
  return { take: () => rest.shift(), included: () => undefined };
}
