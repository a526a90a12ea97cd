import type { StateAccess } from '@hamster/frame';
import { Now } from '@hamster/pallets';
import { bool, bytes, fixedBytes, type Infer, newtype, struct, tuple, u64, u8, vec } from '@hamster/scale';
import { payloadOf } from '../extrinsic/format.ts';
import { type ApiParts, decodeArgument } from './parts.ts';

const Identifier = fixedBytes(8);

/** What a node knows of the block to be: under each inherent's name the bytes that it is made of. */
export const InherentData = struct('sp_inherents::InherentData', {
  data: newtype('BTreeMap', vec(tuple(Identifier, bytes)), { params: { K: Identifier, V: bytes } }),
});
type InherentData = Infer<typeof InherentData>;

export const CheckInherentsResult = struct('sp_inherents::CheckInherentsResult', {
  okay: bool,
  fatal_error: bool,
  errors: InherentData,
});
type CheckInherentsResult = Infer<typeof CheckInherentsResult>;

/** As `sp_timestamp` has it. */
const TIMESTAMP = 'timstap0';

/** A block may be so far ahead of who judges it, ms. */
const MAX_DRIFT = 30_000n;

/** By their index in `sp_timestamp::InherentError`. */
const TOO_EARLY = 0;
const TOO_FAR_IN_FUTURE = 1;

/** Whoever asks must say what time it is. */
export class NoTimeGiven extends Error {
  override readonly name = 'NoTimeGiven';
  readonly code = 'NO_TIME_GIVEN';

  constructor() {
    super(`The inherent data has no time: a u64 in ms under "${TIMESTAMP}"`);
  }
}

/** @throws NoTimeGiven, and ScaleError for a time that is no u64 */
const timeIn = ({ data }: InherentData): bigint => {
  const found = data.findLast(([name]) => new TextDecoder().decode(name) === TIMESTAMP);
  if (!found) throw new NoTimeGiven();
  return u64.decode(found[1]);
};

const FINE: CheckInherentsResult = { okay: true, fatal_error: false, errors: { data: [] } };

const wrong = (error: number): CheckInherentsResult => ({
  okay: false,
  fatal_error: true,
  errors: { data: [[new TextEncoder().encode(TIMESTAMP), u8.encode(error)]] },
});

/** The time that this extrinsic sets; undefined for one that is no inherent. */
const timeSetBy = (parts: ApiParts, extrinsic: Uint8Array): bigint | undefined => {
  const { call, signed } = payloadOf(decodeArgument(parts, extrinsic));
  if (signed || call.type !== 'Timestamp' || call.value.type !== 'set') return undefined;
  return (call.value.value as { readonly now: bigint }).now;
};

/** What the author of a block puts first, without length prefixes. @throws NoTimeGiven */
export const inherentExtrinsics = (parts: ApiParts, data: InherentData): readonly Uint8Array[] =>
  parts.inherents({ now: timeIn(data) }).map((bytes) => parts.extrinsic.decode(bytes));

/** Whether the inherents in front of a block may be what they are, on the state of its parent. @throws NoTimeGiven, InvalidTransaction */
export const checkInherents = (
  parts: ApiParts,
  state: StateAccess,
  extrinsics: readonly Uint8Array[],
  data: InherentData,
): CheckInherentsResult => {
  for (const extrinsic of extrinsics) {
    const time = timeSetBy(parts, extrinsic);
    if (time === undefined) break;
    if (time > timeIn(data) + MAX_DRIFT) return wrong(TOO_FAR_IN_FUTURE);
    if (time <= Now.get({ state })) return wrong(TOO_EARLY);
  }
  return FINE;
};
