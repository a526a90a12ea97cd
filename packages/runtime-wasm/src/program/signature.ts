import { call, i32, span, type WasmModule } from '../emit/index.ts';
import type { Basics } from './basics.ts';
import type { Cursor } from './cursor.ts';
import { type Extrinsic, SCHEME } from './extrinsic.ts';
import type { Host } from './host.ts';
import { ACCOUNT_LENGTH, HASH_LENGTH, type Storage } from './storage.ts';

/** Longer payloads are hashed before they are signed. */
const MAX_PLAIN_PAYLOAD = 256;
const COMPRESSED_KEY_LENGTH = 33;
const RECOVERY_ID = 64;
const VERSIONS_LENGTH = 8;
/** Versions, both hashes, and whether there is a hash of the metadata. */
const ADDITIONAL_LENGTH = VERSIONS_LENGTH + 2 * HASH_LENGTH + 1;

export interface SignatureParts {
  readonly module: WasmModule;
  readonly host: Host;
  readonly basics: Basics;
  readonly cursor: Cursor;
  readonly storage: Storage;
  readonly extrinsic: Extrinsic;
  readonly specVersion: number;
  readonly transactionVersion: number;
  readonly metadataHash: Uint8Array | undefined;
}

/** Whether the extrinsic that was read is signed by its sender. */
export const signature = (parts: SignatureParts) => {
  const { module, host, basics, cursor, storage, extrinsic } = parts;
  const { copy } = basics;
  const message = module.global('i32');
  const messageLength = module.global('i32');
  /** Of the block whose state this is: its hash is not in the state yet. */
  const headNumber = module.global('i32');
  const headHash = module.global('i32');

  const metadataHash = parts.metadataHash && module.memory.data(parts.metadataHash);

  /** Number of a block → address of its hash, 0 when it is not known. */
  const hashOf = module.function(['i32'], 'i32', (body, number) => {
    body.if(i32.eq(number, headNumber), () => body.return(headHash));
    body.if(call(storage.blockHash, number), () => body.return(storage.valueAt));
    body.return(0);
  });

  /** Whether the hash of the metadata was signed along, and is not known. */
  const lacksMetadataHash = metadataHash === undefined ? extrinsic.withMetadataHash : 0;

  /** Writes down what was signed; 0 when the hash of the block where the era begins is not known. */
  const writeMessage = module.function([], 'i32', (body) => {
    const callLength = body.word(i32.sub(cursor.end, extrinsic.callAt));
    const extraLength = body.word(i32.sub(extrinsic.callAt, extrinsic.extra));
    const { withMetadataHash } = extrinsic;
    const additionalLength = i32.add(i32.mul(withMetadataHash, HASH_LENGTH), ADDITIONAL_LENGTH);
    body.set(messageLength, i32.add(i32.add(callLength, extraLength), additionalLength));
    body.set(message, call(host.allocate, messageLength));
    const at = body.word(message);
    body.run(call(copy, at, extrinsic.callAt, callLength));
    body.set(at, i32.add(at, callLength));
    body.run(call(copy, at, extrinsic.extra, extraLength));
    body.set(at, i32.add(at, extraLength));
    body.store32(at, parts.specVersion);
    body.store32(at, parts.transactionVersion, 4);
    body.set(at, i32.add(at, VERSIONS_LENGTH));
    for (const number of [0, call(extrinsic.birth, i32.add(headNumber, 1))]) {
      const hash = body.word(call(hashOf, number));
      body.if(i32.not(hash), () => body.return(0));
      body.run(call(copy, at, hash, HASH_LENGTH));
      body.set(at, i32.add(at, HASH_LENGTH));
    }
    body.store8(at, withMetadataHash);
    if (metadataHash !== undefined) {
      body.if(withMetadataHash, () => body.run(call(copy, i32.add(at, 1), metadataHash, HASH_LENGTH)));
    }
    body.return(1);
  });

  const verifyEcdsa = module.function(['i64'], 'i32', (body, signed) => {
    body.if(i32.gt(i32.load8(extrinsic.signature, RECOVERY_ID), 3), () => body.return(0));
    const hash = call(host.blake2b256, signed);
    const recovered = body.word(i32.low(call(host.recoverSecp256k1, extrinsic.signature, hash)));
    body.if(i32.load8(recovered), () => body.return(0));
    const account = call(host.blake2b256, span(i32.add(recovered, 1), COMPRESSED_KEY_LENGTH));
    body.return(call(basics.isSame, account, extrinsic.signer, ACCOUNT_LENGTH));
  });

  /** Of the message that was written down. */
  const verify = module.function([], 'i32', (body) => {
    const isLong = body.word(i32.gt(messageLength, MAX_PLAIN_PAYLOAD));
    const signed = body.long(span(message, messageLength));
    body.if(isLong, () => body.set(signed, span(call(host.blake2b256, signed), HASH_LENGTH)));
    const { scheme, signature: bytes, signer } = extrinsic;
    body.if(i32.eq(scheme, SCHEME.ed25519), () =>
      body.return(call(host.verifyEd25519, bytes, signed, signer)),
    );
    body.if(i32.eq(scheme, SCHEME.sr25519), () =>
      body.return(call(host.verifySr25519, bytes, signed, signer)),
    );
    body.return(call(verifyEcdsa, signed));
  });

  return { headNumber, headHash, lacksMetadataHash, writeMessage, verify };
};

export type Signature = ReturnType<typeof signature>;
