export { fromHex, toHex, toKey } from './hex.ts';
export {
  blake2_128Concat,
  blake2b128,
  blake2b256,
  blake2b512,
  prependBlake2b128,
  twox128,
  twox64,
  twox64Concat,
} from './hashes.ts';
export { MalformedInput } from './errors.ts';
export {
  accountIdOf,
  rememberingSignatureCheck,
  verifySignature,
  type SignatureClaim,
  type SignatureScheme,
} from './signatures.ts';
export { ss58Decode, ss58Encode } from './ss58.ts';
