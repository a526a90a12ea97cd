import type { DecodedExtrinsic } from '@hamster/frame';
import type { BlockOrder } from './build-block.ts';
import { hashed } from './hashed-extrinsic.ts';

/** These and nothing else, one after the other. */
export function givenOrder(extrinsics: readonly DecodedExtrinsic[]): BlockOrder {
  const rest = extrinsics.map(hashed);
  return { take: () => rest.shift(), included: () => undefined };
}
