/** A key that signs; its secret stays inside. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** What this node may sign with. Without any it only follows the chain. */
export interface ConsensusKeys {
  /** sr25519 keys that seal blocks. */
  readonly authors: readonly Signer[];
  /** ed25519 keys that vote for finality. */
  readonly voters: readonly Signer[];
}

export const NO_KEYS: ConsensusKeys = { authors: [], voters: [] };

export const signerOf = (keys: readonly Signer[], publicKey: Uint8Array): Signer | undefined =>
  keys.find((key) => Buffer.compare(key.publicKey, publicKey) === 0);
