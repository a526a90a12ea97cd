import {
  type DecodedExtrinsic,
  invalid,
  MultiAddress,
  MultiSignature,
  type RuntimeCall,
  type SignatureClaim,
} from '@hamster/frame';
import { decodeWith, Reader, readLength, ScaleError, type Type, writeCompact, Writer } from '@hamster/scale';
import { DECODE_LIMITS } from '../constants.ts';
import { isEraValid } from './era.ts';
import { Extra } from './extensions.ts';

/**
 * A pool holds thousands of extrinsics with all their bytes: a copy of each part would be most of what there is to collect. Parts of
 * a longer one are copies still, since what remembers an account for a while would keep the whole of it.
 */
const MAX_SHARED = 4096;

const BARE_V4 = 0x04;
const SIGNED_V4 = 0x84;

export interface SignedPart {
  readonly signer: Uint8Array;
  readonly signature: MultiSignature;
  readonly extra: Extra;
}

/** What the signature has to hold for, on a chain with these hashes. */
export interface KnownClaim {
  readonly specVersion: number;
  readonly genesisHash: Uint8Array;
  readonly birthHash: Uint8Array;
  readonly claim: SignatureClaim;
}

/** What is inside of a decoded extrinsic. */
export interface Payload {
  readonly call: RuntimeCall;
  /** Where it begins on the wire, to end with it. */
  readonly callAt: number;
  readonly signed: SignedPart | undefined;
  /** Made once, for the pool and for the block: nearly always the hashes are the same in both. */
  lastClaim: KnownClaim | undefined;
}

const readSigner = (reader: Reader): Uint8Array => {
  const address = MultiAddress.decodeFrom(reader);
  if (address.type !== 'Id')
    throw invalid('BadSigner', `an address of the form ${address.type} stands for no account`);
  return address.value;
};

const readSigned = (reader: Reader): SignedPart => {
  const signer = readSigner(reader);
  const signature = MultiSignature.decodeFrom(reader);
  const extra = Extra.decodeFrom(reader);
  if (!isEraValid(extra.era)) throw invalid('Call', 'its era is outside of what eras can be');
  return { signer, signature, extra };
};

const readVersion = (reader: Reader): number => {
  const version = reader.u8();
  if (version !== BARE_V4 && version !== SIGNED_V4) {
    throw invalid('Call', `extrinsic version 0x${version.toString(16)} is neither bare nor signed version 4`);
  }
  return version;
};

const readPayload = (bytes: Uint8Array, callType: Type<RuntimeCall>): Payload => {
  const shares = bytes.length <= MAX_SHARED;
  const reader = new Reader(bytes, { shares });
  const length = readLength(reader);
  if (length !== reader.remaining) {
    throw invalid('Call', `its length prefix says ${length}, but ${reader.remaining} bytes follow`);
  }
  const signed = readVersion(reader) === SIGNED_V4 ? readSigned(reader) : undefined;
  const callAt = reader.offset;
  const encodedCall = reader.raw(reader.remaining);
  const call = decodeWith(callType, encodedCall, { shares, ...DECODE_LIMITS });
  return { call, callAt, signed, lastClaim: undefined };
};

/** @throws InvalidTransaction when these bytes are no extrinsic of this runtime, or list more than {@link DECODE_LIMITS} */
export const decodeExtrinsic = (bytes: Uint8Array, callType: Type<RuntimeCall>): DecodedExtrinsic => {
  try {
    const payload = readPayload(bytes, callType);
    const { signer, extra } = payload.signed ?? {};
    return { bytes, signer, nonce: extra?.nonce, payload };
  } catch (error) {
    if (error instanceof ScaleError) throw invalid('Call', error.message);
    throw error;
  }
};

/** A bare extrinsic, as inherents are. */
export const encodeBare = (encodedCall: Uint8Array): Uint8Array => {
  const writer = new Writer(encodedCall.length + 8);
  writeCompact(writer, encodedCall.length + 1);
  writer.u8(BARE_V4);
  writer.raw(encodedCall);
  return writer.finish();
};

/** What this runtime put into the extrinsic when it decoded it. */
export const payloadOf = (xt: DecodedExtrinsic): Payload => xt.payload as Payload;
