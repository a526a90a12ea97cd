import { blake2b256 } from '@hamster/crypto';
import {
  bytesEqual,
  invalid,
  InvalidTransaction,
  type RuntimeVersion,
  type SignatureClaim,
  type StateReader,
} from '@hamster/frame';
import { BlockHash } from '@hamster/pallets';
import { bytes, defineType, struct } from '@hamster/scale';
import { metadataHashOf } from '../metadata-hash.ts';
import { birthOf } from './era.ts';
import { Additional, Extra } from './extensions.ts';
import type { KnownClaim, Payload, SignedPart } from './format.ts';

/** Longer payloads are hashed before they are signed. */
const MAX_PLAIN_PAYLOAD = 256;

const SCHEMES = { Sr25519: 'sr25519', Ed25519: 'ed25519', Ecdsa: 'ecdsa' } as const;

/** As it is, to the end. */
const encoded = defineType<Uint8Array>({
  encodeInto: (writer, value) => writer.raw(value),
  decodeFrom: (reader) => reader.raw(reader.remaining),
  describe: bytes.describe,
  minSize: 0,
});

/** What is signed, as one type: it is written in one go. */
const Signed = struct('hamster_runtime::Signed', { call: encoded, extra: Extra, additional: Additional });

export interface ClaimContext {
  readonly state: StateReader;
  readonly version: RuntimeVersion;
  /** Of the block that the extrinsic would be in. */
  readonly blockNumber: number;
}

const blockHash = (state: StateReader, number: number): Uint8Array => {
  const hash = state.get(BlockHash.keyOf(number));
  if (hash) return hash;
  throw invalid(
    'AncientBirthBlock',
    `the hash of block ${number}, where its era begins, is not kept any more`,
  );
};

/** What the signer says to have seen the calls by, where it asks for that. */
const metadataHash = ({ specVersion }: RuntimeVersion, { metadataHash: { type } }: Extra) => {
  if (type === 'Disabled') return undefined;
  const hash = metadataHashOf(specVersion);
  if (hash) return hash;
  throw new InvalidTransaction(
    { validity: 'Unknown', kind: 'CannotLookup' },
    `it was signed with the hash of the metadata, which is not known of version ${specVersion}`,
  );
};

type Circumstances = Omit<KnownClaim, 'claim'>;

const signedMessage = (
  version: RuntimeVersion,
  circumstances: Circumstances,
  encodedCall: Uint8Array,
  extra: Extra,
) => {
  const { transactionVersion } = version;
  const additional = { ...circumstances, transactionVersion, metadataHash: metadataHash(version, extra) };
  const message = Signed.encode({ call: encodedCall, extra, additional });
  return message.length > MAX_PLAIN_PAYLOAD ? blake2b256(message) : message;
};

export interface SignedExtrinsic {
  /** As on the wire. */
  readonly bytes: Uint8Array;
  readonly payload: Payload;
  readonly signed: SignedPart;
}

/** What has to be verified before a signed extrinsic may be applied. @throws InvalidTransaction AncientBirthBlock, CannotLookup */
export const signatureClaim = (
  { state, version, blockNumber }: ClaimContext,
  { bytes, payload, signed: { signer, signature, extra } }: SignedExtrinsic,
): SignatureClaim => {
  const genesisHash = blockHash(state, 0);
  const birth = birthOf(extra.era, blockNumber);
  const birthHash = birth === 0 ? genesisHash : blockHash(state, birth);
  const { specVersion } = version;
  const circumstances = { specVersion, genesisHash, birthHash };
  if (payload.lastClaim && areSame(payload.lastClaim, circumstances)) return payload.lastClaim.claim;
  const claim: SignatureClaim = {
    scheme: SCHEMES[signature.type],
    accountId: signer,
    message: signedMessage(version, circumstances, bytes.subarray(payload.callAt), extra),
    signature: signature.value,
  };
  payload.lastClaim = { specVersion, genesisHash, birthHash, claim };
  return claim;
};

const areSame = (a: Circumstances, b: Circumstances): boolean =>
  a.specVersion === b.specVersion &&
  bytesEqual(a.genesisHash, b.genesisHash) &&
  bytesEqual(a.birthHash, b.birthHash);
