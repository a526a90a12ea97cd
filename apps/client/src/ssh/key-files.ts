import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  readJsonState,
  sentenceOf,
  Type,
  writeJsonState,
  writeNewPrivateFile,
  writePrivateFile,
} from '@hamster/daemon';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import ssh2 from 'ssh2';
import { CliError, EXIT } from '../cli/errors.ts';
import { parseKeyLine, sameKey } from './public-key.ts';

const COMMENT = 'hamster';

/** A key pair on this machine. */
export interface KeyFile {
  /** The line that goes on chain. */
  readonly publicKey: string;
  readonly privatePath: string;
}

const Remembered = Type.Object({ privatePaths: Type.Array(Type.String()) });

/** The key to rent with: the one named, else the person's own, else one made here for the purpose. */
export async function keyToRentWith(home: string, named: string | undefined): Promise<KeyFile> {
  if (named !== undefined) {
    const key = await namedKey(named);
    await remember(home, key.privatePath);
    return key;
  }
  return (await keyAt(join(homedir(), '.ssh', 'id_ed25519'))) ?? (await ownKey(home));
}

/** The private key that belongs to a public one, among those that may be here; undefined when none is. */
export async function privateKeyFor(home: string, publicKey: string): Promise<string | undefined> {
  const wanted = parseKeyLine(publicKey, 'The key of the lease');
  for (const path of await candidates(home)) {
    const key = await keyAt(path);
    if (key && sameKey(parseKeyLine(key.publicKey, `${path}.pub`), wanted)) return path;
  }
  return undefined;
}

async function candidates(home: string): Promise<string[]> {
  const personal = join(homedir(), '.ssh');
  const files = await readdir(personal).catch(() => []);
  const pubs = files.filter((file) => file.endsWith('.pub')).map((file) => join(personal, file.slice(0, -4)));
  return [ownPath(home), ...(await remembered(home)), ...pubs];
}

/** The pair at `path` and `path.pub`, if there is a public key of a type that the chain takes. */
async function keyAt(path: string): Promise<KeyFile | undefined> {
  try {
    const publicKey = (await readFile(`${path}.pub`, 'utf8')).trim();
    parseKeyLine(publicKey, `${path}.pub`);
    return { publicKey, privatePath: path };
  } catch {
    return undefined;
  }
}

/** The key in a file, public or private. Throws CliError `SSH_KEY_INVALID` or `SSH_KEY_UNREADABLE`. */
export async function namedKey(path: string): Promise<KeyFile> {
  const text = await read(path);
  const isPrivate = text.startsWith('-----BEGIN');
  const publicKey = isPrivate ? publicPart(text, path) : text.trim();
  parseKeyLine(publicKey, path);
  return { publicKey, privatePath: isPrivate ? path : path.replace(/\.pub$/, '') };
}

function publicPart(text: string, path: string): string {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    throw new CliError(
      'SSH_KEY_INVALID',
      `Cannot read the key ${path}: ${parsed.message}. Name its .pub file instead.`,
      EXIT.usage,
    );
  }
  return `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CliError(
      'SSH_KEY_UNREADABLE',
      `Cannot read the key ${path}: ${sentenceOf(error)}.`,
      EXIT.usage,
      error,
    );
  }
}

/** What is paid for opens to the private key alone: one that is there is never written over, and the public one is made from it. */
async function ownKey(home: string): Promise<KeyFile> {
  const path = ownPath(home);
  const there = await keyAt(path);
  if (there) return there;
  await writeNewPrivateFile(path, generateSshKeyPair(COMMENT).privateKey);
  const publicKey = `${publicPart(await read(path), path)} ${COMMENT}`;
  await writePrivateFile(`${path}.pub`, `${publicKey}\n`);
  return { publicKey, privatePath: path };
}

/** A file for each, so that two who rent at the same moment do not write over each other's. */
async function remember(home: string, privatePath: string): Promise<void> {
  if ((await remembered(home)).includes(privatePath)) return;
  const name = `${createHash('sha256').update(privatePath).digest('hex').slice(0, 32)}.json`;
  await writeJsonState(join(rememberedIn(home), name), { privatePaths: [privatePath] });
}

async function remembered(home: string): Promise<string[]> {
  const names = (await readdir(rememberedIn(home)).catch(() => [])).filter((name) => name.endsWith('.json'));
  // Earlier releases kept all in one file.
  const files = [`${rememberedIn(home)}.json`, ...names.map((name) => join(rememberedIn(home), name))];
  const kept = await Promise.all(files.map((file) => readJsonState(file, Remembered)));
  return kept.flatMap((known) => known?.privatePaths ?? []);
}

function ownPath(home: string): string {
  return join(home, 'ssh', 'id_ed25519');
}

function rememberedIn(home: string): string {
  return join(home, 'ssh', 'keys');
}
