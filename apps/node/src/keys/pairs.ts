import type { KeyringPair } from '@hamster/daemon';
import { DaemonError, EXIT_USAGE } from '@hamster/daemon';
import type { KeyType } from '@hamster/node';

export type KeyScheme = 'sr25519' | 'ed25519';

/** What a key is for, under Substrate's four letters, and the scheme that it has there. */
export const KEY_TYPES = { aura: 'sr25519', gran: 'ed25519' } as const satisfies Record<KeyType, KeyScheme>;

/** The beginning of a path, a whole seed in hex, or the first words of so many. */
const SECRET = /^(?:\/\/|0x[0-9a-f]{64}(?:\/|$)|(?:\w+ ){11}\w)/i;

/** Of characters: each step of a path takes its time, and a path of megabytes would take the node's for hours. */
const MAX_SECRET = 512;

/** The pair of a secret: words, a seed in hex, or `//Alice`, each with a path behind it. Throws KEY_SECRET_INVALID. */
export async function pairOf(scheme: KeyScheme, secret: string): Promise<KeyringPair> {
  const text = secret.trim().replace(/\s+/g, ' ');
  // The library would take any other short text as a seed: mistyped words would be a key that can be guessed.
  if (text.length > MAX_SECRET || !SECRET.test(text)) throw noSecret();
  return storedPairOf(scheme, text);
}

/** The same of what is in a keystore already, where the name of the file says which key it has to be. */
export async function storedPairOf(scheme: KeyScheme, secret: string): Promise<KeyringPair> {
  const { Keyring } = await cryptography();
  try {
    return new Keyring({ type: scheme, ss58Format: 42 }).addFromUri(secret.trim());
  } catch {
    // The reason may quote the secret.
    throw noSecret();
  }
}

const noSecret = (): DaemonError =>
  new DaemonError(
    'KEY_SECRET_INVALID',
    'This is no secret of a key: give 12 to 24 words, a seed as 0x and 64 hex digits, or a path such as //Alice.',
    { exitCode: EXIT_USAGE },
  );

/** The words from which a path alone begins, as of //Alice. */
const KNOWN_WORDS = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

/** Throws KEY_KNOWN for a secret that everybody has. */
export function requireOwn(secret: string): void {
  const text = secret.trim().replace(/\s+/g, ' ');
  if (!text.startsWith('/') && !text.toLowerCase().startsWith(KNOWN_WORDS)) return;
  throw new DaemonError(
    'KEY_KNOWN',
    'Everybody has this key: it is for trials, and no node of a chain of type Live takes it. `key generate` makes one of your own.',
    { exitCode: EXIT_USAGE },
  );
}

export async function newWords(): Promise<string> {
  const { mnemonicGenerate } = await cryptography();
  return mnemonicGenerate(12);
}

/** Loaded when a key is handled: it takes a while, which other commands should not cost. */
async function cryptography() {
  const library = await import('#polkadot/util-crypto');
  await library.cryptoWaitReady();
  const { Keyring } = await import('#polkadot/keyring');
  return { ...library, Keyring };
}
