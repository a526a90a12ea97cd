import type { DecodedExtrinsic, MetadataVersion } from '@hamster/frame';
import type { Type } from '@hamster/scale';
import type { ExecutiveParts } from '../executive/parts.ts';
import type { PalletReads } from '../pallets.ts';

/** What the runtime APIs answer from. */
export interface ApiParts extends ExecutiveParts {
  /** An extrinsic as an argument: its bytes without the length prefix. */
  readonly extrinsic: Type<Uint8Array>;
  /** In ms; for a state that does not say. */
  readonly slotDuration: bigint;
  decode(bytes: Uint8Array): DecodedExtrinsic;
  /** See `Runtime.inherents`. */
  inherents(data: { readonly now: bigint }): Uint8Array[];
  readonly reads: PalletReads;
  metadata(version: MetadataVersion): Uint8Array;
}

/** @throws InvalidTransaction when the argument is no extrinsic */
export const decodeArgument = ({ extrinsic, decode }: ApiParts, argument: Uint8Array): DecodedExtrinsic =>
  decode(extrinsic.encode(argument));
