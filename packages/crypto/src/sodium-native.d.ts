/** The two functions used here; the package ships no types. */
declare module 'sodium-native' {
  interface Sodium {
    crypto_generichash(output: Uint8Array, input: Uint8Array): void;
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  }
  const sodium: Sodium;
  export default sodium;
}
