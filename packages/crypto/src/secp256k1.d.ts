/** The one function used here; the package ships no types. */
declare module 'secp256k1' {
  interface Secp256k1 {
    ecdsaRecover(signature: Uint8Array, recoveryId: number, hash: Uint8Array): Uint8Array;
  }
  const secp256k1: Secp256k1;
  export default secp256k1;
}
