import { type Body, span } from '../emit/index.ts';
import type { WasmModule } from '../emit/index.ts';

const INVALID = 0;
const UNKNOWN = 1;

/** `TransactionValidityError`: its variant, and the variant inside of it. */
const KINDS = {
  Call: [INVALID, 0],
  Payment: [INVALID, 1],
  Stale: [INVALID, 3],
  BadProof: [INVALID, 4],
  AncientBirthBlock: [INVALID, 5],
  ExhaustsResources: [INVALID, 6],
  MandatoryValidation: [INVALID, 9],
  BadSigner: [INVALID, 10],
  CannotLookup: [UNKNOWN, 0],
  NoUnsignedValidator: [UNKNOWN, 1],
} as const;

export type Refusal = keyof typeof KINDS;

const ERR = 1;

/** Returns from `validate_transaction` with a refusal. */
export const refusals = ({ memory }: WasmModule) => {
  const places = new Map<Refusal, number>();
  return (body: Body, kind: Refusal): void => {
    const place = places.get(kind) ?? memory.data(Uint8Array.of(ERR, ...KINDS[kind]));
    places.set(kind, place);
    body.return(span(place, 1 + KINDS[kind].length));
  };
};

export type Refuse = ReturnType<typeof refusals>;
