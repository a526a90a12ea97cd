import { Type } from '@hamster/daemon';
import { HAM_PATTERN } from '../ham.ts';

/** An amount of money: never a number, which would round it. */
export const Ham = (description: string) =>
  Type.String({ pattern: HAM_PATTERN, description: `${description}, HAM as decimal text` });

export const Time = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}, ms since 1970` });

export const Count = (description: string) => Type.Integer({ minimum: 0, description });

export const Bytes = Type.Object(
  { in: Count('Bytes that came from the peer'), out: Count('Bytes that went to the peer') },
  { description: 'Since the start' },
);

/** A bound; null for none. */
export const Bound = (description: string) => bound(description, {});

/** A bound that a caller gives: larger numbers are not exact in JSON. */
export const NewBound = (description: string) => bound(description, { maximum: Number.MAX_SAFE_INTEGER });

function bound(description: string, range: { readonly maximum?: number }) {
  return Type.Union([Type.Integer({ minimum: 1, ...range }), Type.Null()], {
    description: `${description}; null for no bound`,
  });
}
