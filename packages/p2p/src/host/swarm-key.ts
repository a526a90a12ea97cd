import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asError, PeerError } from '../errors.ts';

const HEADER = '/key/swarm/psk/1.0.0/\n/base16/\n';
const FILE = /^\/key\/swarm\/psk\/1\.0\.0\/\r?\n\/base16\/\r?\n([0-9a-fA-F]{64})\s*$/;
const KEY_BYTES = 32;
const OTHERS = 0o077;

/** The pre-shared key of a private network, in the form that libp2p's protector takes. */
export type SwarmKey = Uint8Array;

/**
 * Reads a key file as all libp2p programs have it. Throws PeerError SWARM_KEY_INVALID, also when others than its owner
 * may read the file.
 */
export async function loadSwarmKey(path: string): Promise<SwarmKey> {
  const [, hex] = FILE.exec(await textOf(path)) ?? [];
  if (hex === undefined)
    throw invalid(path, 'it must hold three lines: /key/swarm/psk/1.0.0/, then /base16/, then 64 hex digits');
  return new TextEncoder().encode(HEADER + hex.toLowerCase());
}

/** As an option of a host: the key in the file, or nothing where no file is named. */
export async function swarmKeyOption(path: string | undefined): Promise<{ swarmKey?: SwarmKey }> {
  return path === undefined ? {} : { swarmKey: await loadSwarmKey(path) };
}

/** Makes a key of a new private network in a file that only its owner may read. Throws PeerError SWARM_KEY_INVALID when there is a file already. */
export async function createSwarmKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const text = `${HEADER}${randomBytes(KEY_BYTES).toString('hex')}\n`;
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new PeerError(
      'SWARM_KEY_INVALID',
      `Cannot make the network key ${path}: ${asError(error).message}`,
    );
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if (mode & OTHERS) throw invalid(path, `others than its owner may read it; run: chmod 600 ${path}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof PeerError) throw error;
    throw invalid(path, asError(error).message);
  }
}

function invalid(path: string, reason: string): PeerError {
  return new PeerError('SWARM_KEY_INVALID', `Cannot use the network key ${path}: ${reason}`);
}
