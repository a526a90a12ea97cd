import type { WasmModule } from '../emit/index.ts';

/** The functions of Substrate's host interface that the program needs; spans hold an address and a length. */
export const importHost = (module: WasmModule) => ({
  /** Span of a key → span of a SCALE `Option<Vec<u8>>`. */
  storageGet: module.importFunction('ext_storage_get_version_1', ['i64'], 'i64'),
  /** Length → address. */
  allocate: module.importFunction('ext_allocator_malloc_version_1', ['i32'], 'i32'),
  blake2b128: module.importFunction('ext_hashing_blake2_128_version_1', ['i64'], 'i32'),
  blake2b256: module.importFunction('ext_hashing_blake2_256_version_1', ['i64'], 'i32'),
  twox64: module.importFunction('ext_hashing_twox_64_version_1', ['i64'], 'i32'),
  /** Signature, span of the message, public key → 1 or 0. */
  verifySr25519: module.importFunction('ext_crypto_sr25519_verify_version_2', ['i32', 'i64', 'i32'], 'i32'),
  verifyEd25519: module.importFunction('ext_crypto_ed25519_verify_version_1', ['i32', 'i64', 'i32'], 'i32'),
  /** Signature, hash of the message → span of a SCALE `Result` with the compressed public key. */
  recoverSecp256k1: module.importFunction(
    'ext_crypto_secp256k1_ecdsa_recover_compressed_version_2',
    ['i32', 'i32'],
    'i64',
  ),
  /** Span of a message; does not return. */
  abort: module.importFunction('ext_panic_handler_abort_on_panic_version_1', ['i64'], 'none'),
});

export type Host = ReturnType<typeof importHost>;
