/** What a key is for: `aura` seals blocks (sr25519), `gran` votes for finality (ed25519). */
export const KEY_TYPES = ['aura', 'gran'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** Keys that can be given to a node while it runs; it signs with them from then on. */
export interface KeyStore {
  has(type: KeyType, publicKey: Uint8Array): boolean;
  /** Keeps the key of a secret (words, a seed in hex, a path). Answers its public key; rejects for what is no secret. */
  insert(type: KeyType, secret: string): Promise<Uint8Array>;
  /** Keeps a new key, and answers its public half. */
  generate(type: KeyType): Promise<Uint8Array>;
  /** The public key of a secret, which is not kept. */
  publicKeyOf(type: KeyType, secret: string): Promise<Uint8Array>;
}
