import type { KeyringPair } from '@hamster/daemon';
import type { ConsensusKeys, KeyStore, KeyType } from '@hamster/node';
import type { NodeKeystore } from './keystore.ts';
import { KEY_TYPES, newWords, pairOf } from './pairs.ts';

/** The keys of a node that runs. What is added signs from then on, and after a restart when there is a keystore to keep it. */
export class RunningKeys implements ConsensusKeys, KeyStore {
  readonly authors: KeyringPair[];
  readonly voters: KeyringPair[];
  readonly #keystore: NodeKeystore | undefined;

  constructor(keys: Readonly<Record<KeyType, readonly KeyringPair[]>>, keystore: NodeKeystore | undefined) {
    this.authors = [...keys.aura];
    this.voters = [...keys.gran];
    this.#keystore = keystore;
  }

  has(type: KeyType, publicKey: Uint8Array): boolean {
    return this.#pairs(type).some((pair) => Buffer.compare(pair.publicKey, publicKey) === 0);
  }

  async insert(type: KeyType, secret: string): Promise<Uint8Array> {
    const pair = await pairOf(KEY_TYPES[type], secret);
    await this.#keystore?.insert(type, secret);
    if (!this.has(type, pair.publicKey)) this.#pairs(type).push(pair);
    return pair.publicKey;
  }

  async generate(type: KeyType): Promise<Uint8Array> {
    return this.insert(type, await newWords());
  }

  async publicKeyOf(type: KeyType, secret: string): Promise<Uint8Array> {
    return (await pairOf(KEY_TYPES[type], secret)).publicKey;
  }

  #pairs(type: KeyType): KeyringPair[] {
    return type === 'aura' ? this.authors : this.voters;
  }
}
