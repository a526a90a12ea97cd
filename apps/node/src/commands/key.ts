import { text } from 'node:stream/consumers';
import { askHidden, Command, ConfigError, processTerminal, type KeyringPair } from '@hamster/daemon';
import type { KeyType } from '@hamster/node';
import { keystoreOf } from '../keys/keys-of.ts';
import { KEY_TYPES, newWords, pairOf, type KeyScheme } from '../keys/pairs.ts';
import { placeOf, type Context } from './context.ts';
import { readingFrom } from './reading.ts';

/** `key generate | inspect | insert`. A secret is printed by `generate` alone. */
export function keyCommand(context: Context): Command {
  return new Command('key')
    .description('keys that author blocks and make them final')
    .addCommand(generateCommand())
    .addCommand(inspectCommand())
    .addCommand(insertCommand(context));
}

const SCHEME = ['--scheme <scheme>', 'sr25519 (authors, accounts) or ed25519 (finality)', 'sr25519'] as const;

function generateCommand(): Command {
  return new Command('generate')
    .description('make a new key and print its secret words; nothing is stored')
    .option(...SCHEME)
    .action(async ({ scheme }: { scheme: string }) => {
      const words = await newWords();
      print({ 'Secret phrase': words, ...publicParts(await pairOf(schemeOf(scheme), words)) });
    });
}

function inspectCommand(): Command {
  return new Command('inspect')
    .description('print the public key and the address of a secret, never the secret')
    .argument('[secret]', 'a path such as //Alice; words are better given by --file or typed')
    .option(...SCHEME)
    .option('--file <file>', 'file with the secret')
    .action(async (secret: string | undefined, { scheme, file }: { scheme: string; file?: string }) => {
      print(publicParts(await pairOf(schemeOf(scheme), await secretOf(secret, file))));
    });
}

function insertCommand(context: Context): Command {
  return new Command('insert')
    .description('keep a key of this node in the chain’s keystore, readable by its owner only')
    .requiredOption('--key-type <type>', 'aura to author blocks (sr25519), gran to make them final (ed25519)')
    .option('--suri <secret>', 'a path such as //Alice; words are better given by --file or typed')
    .option('--file <file>', 'file with the secret')
    .action(async ({ keyType, suri, file }: { keyType: string; suri?: string; file?: string }) => {
      const type = typeOf(keyType);
      const { chainSpec, settings } = await context();
      const keystore = keystoreOf(placeOf(settings), chainSpec);
      const { pair, path } = await keystore.insert(type, await secretOf(suri, file));
      print({ ...publicParts(pair), 'Key file': path });
    });
}

/** Bytes that are read of a file, which may be any: no secret is so long. */
const MAX_SECRET = 4096;

async function secretOf(given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined && file !== undefined)
    throw new ConfigError(['There are two secrets, one of them in --file: leave one out.']);
  if (given !== undefined) return given;
  return file === undefined
    ? askHidden(processTerminal(), 'The secret:')
    : text(readingFrom(file, MAX_SECRET));
}

function schemeOf(text: string): KeyScheme {
  const scheme = Object.values(KEY_TYPES).find((known) => known === text);
  if (scheme) return scheme;
  throw new ConfigError([`--scheme is "${text}", but must be sr25519 or ed25519.`]);
}

function typeOf(text: string): KeyType {
  if (text === 'aura' || text === 'gran') return text;
  throw new ConfigError([`--key-type is "${text}", but must be aura or gran.`]);
}

const publicParts = ({ publicKey, address }: KeyringPair) => ({
  'Public key (hex)': `0x${Buffer.from(publicKey).toString('hex')}`,
  'SS58 Address': address,
});

function print(rows: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(rows))
    process.stdout.write(`${`${name}:`.padEnd(20)}${value}\n`);
}
