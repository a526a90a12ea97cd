import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { generateSshKeyPair, isSshPublicKey } from '../src/index.ts';

describe('generateSshKeyPair', () => {
  it('makes pairs that sign and verify, also those whose public key begins with zero', () => {
    const zeroFirst = (pair: { publicKey: string }): boolean =>
      Buffer.from(pair.publicKey.split(' ')[1] ?? '', 'base64')[19] === 0;
    let pair = generateSshKeyPair('renter');
    while (!zeroFirst(pair)) pair = generateSshKeyPair('renter');
    const secret = ssh2.utils.parseKey(pair.privateKey);
    const open = ssh2.utils.parseKey(pair.publicKey);
    if (secret instanceof Error || open instanceof Error) throw new Error('ssh2 does not read the pair');
    expect(secret.getPublicSSH().equals(open.getPublicSSH())).toBe(true);
    expect(open.verify('text', secret.sign('text'))).toBe(true);
    expect(open.comment).toBe('renter');
  });
});

describe('isSshPublicKey', () => {
  const key = generateSshKeyPair('me@home').publicKey;

  it('takes a key with and without its comment', () => {
    expect(isSshPublicKey(key)).toBe(true);
    expect(isSshPublicKey(key.split(' ').slice(0, 2).join(' '))).toBe(true);
  });

  it.each([
    ['an empty line', ''],
    ['options before the key', `command="id" ${key}`],
    ['a second line', `${key}\nssh-ed25519 AAAA`],
    ['a type that is not the type of the blob', key.replace('ssh-ed25519', 'ssh-rsa')],
    ['an unknown type', key.replace('ssh-ed25519', 'ssh-dss')],
    ['no blob', 'ssh-ed25519'],
    ['a truncated blob', 'ssh-ed25519 AAAA'],
  ])('refuses %s', (_name, line) => expect(isSshPublicKey(line)).toBe(false));
});
