import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { MachineError } from '../errors.ts';
import { isMissing, privateDirectory, writeFileAtomic } from '../host/files.ts';
import { dropbearKey, publicKeyOf, readPrivateKey } from './private-key.ts';

/** A machine's SSH host key, as OpenSSH and dropbear keep it; `publicKey` is "ssh-ed25519 AAAA…". */
export type HostIdentity = { publicKey: string; openssh: string; dropbear: Buffer };

/**
 * The host key kept in `path`, which is made when there is none. It outlives the machine's disks, so that a renter's SSH
 * client knows the machine again after it was reinstalled. The directory is closed to other accounts.
 */
export async function ensureHostIdentity(path: string): Promise<HostIdentity> {
  const kept = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (kept !== undefined) return identityOf(kept, path);
  const { privateKey } = generateSshKeyPair('hamster');
  await privateDirectory(dirname(path));
  await writeFileAtomic(path, privateKey);
  return identityOf(privateKey, path);
}

export async function forgetHostIdentity(path: string): Promise<void> {
  await rm(path, { force: true });
}

function identityOf(openssh: string, path: string): HostIdentity {
  const key = readPrivateKey(openssh);
  if (key !== undefined) return { publicKey: publicKeyOf(key), openssh, dropbear: dropbearKey(key) };
  throw new MachineError(
    'StateCorrupt',
    `${path} is no SSH key: remove it, and the machine gets a new one when it is reinstalled`,
  );
}
