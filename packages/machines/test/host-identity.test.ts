import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureHostIdentity, forgetHostIdentity } from '../src/ssh/host-identity.ts';
import { dropbearKey, publicKeyOf, readPrivateKey } from '../src/ssh/private-key.ts';

const directory = await mkdtemp(join(os.tmpdir(), 'hamster-host-key-'));
afterAll(() => rm(directory, { recursive: true }));

describe('a host key', () => {
  it('is made once, kept where nobody else looks, and new after it was forgotten', async () => {
    const path = join(directory, 'keys', 'one');
    const first = await ensureHostIdentity(path);
    expect(await ensureHostIdentity(path)).toEqual(first);
    expect(await readFile(path, 'utf8')).toBe(first.openssh);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'keys'))).mode & 0o777).toBe(0o700);
    await forgetHostIdentity(path);
    expect((await ensureHostIdentity(path)).publicKey).not.toBe(first.publicKey);
  });

  it('is told apart from anything else that may be in its place', async () => {
    const path = join(directory, 'broken');
    await writeFile(path, 'not a key');
    await expect(ensureHostIdentity(path)).rejects.toMatchObject({ code: 'StateCorrupt' });
  });

  it('is the same key in the formats of OpenSSH and of dropbear', () => {
    const { publicKey, privateKey } = generateSshKeyPair('me');
    const key = readPrivateKey(privateKey);
    if (key === undefined) throw new Error('the key was not read');
    expect(publicKeyOf(key)).toBe(publicKey.replace(/ me$/, ''));
    // Two strings, each after its length in four bytes: the type, and seed and public key together.
    const bytes = dropbearKey(key);
    expect(bytes.subarray(0, 19).toString('latin1')).toBe('\0\0\0\u000bssh-ed25519\0\0\0\u0040');
    expect(bytes.subarray(19)).toEqual(Buffer.concat([key.seed, key.point]));
  });

  it('is not read out of a file that is cut, encrypted or of another kind', () => {
    const { privateKey } = generateSshKeyPair('me');
    const lines = privateKey.split('\n');
    for (const text of ['', 'x', [...lines.slice(0, 2), ...lines.slice(-2)].join('\n')]) {
      expect(readPrivateKey(text)).toBeUndefined();
    }
  });
});
