import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { generateSshKeyPair, type SshKeyPair } from '../src/key-pair.ts';

const { utils } = ssh2;

const startsWithZero = (publicKey: string): boolean =>
  Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')[19] === 0;

function pairWithLeadingZero(): SshKeyPair {
  for (;;) {
    const pair = generateSshKeyPair('renter');
    if (startsWithZero(pair.publicKey)) return pair;
  }
}

describe('a new key pair', () => {
  it('signs and verifies, also when its public key begins with zero', () => {
    const pair = pairWithLeadingZero();
    const secret = utils.parseKey(pair.privateKey);
    const open = utils.parseKey(pair.publicKey);
    if (secret instanceof Error || open instanceof Error) throw new TypeError('ssh2 does not read the pair');
    expect(secret.getPublicSSH().equals(open.getPublicSSH())).toBe(true);
    expect(open.verify('text', secret.sign('text'))).toBe(true);
    expect(open.comment).toBe('renter');
  });
});

describe('the generator of the ssh2 library', () => {
  // When this fails, the library writes all of its keys right, and this package can go.
  it('still breaks one pair in 256', () => {
    const broken = (): boolean =>
      utils.parseKey(utils.generateKeyPairSync('ed25519').private) instanceof Error;
    expect(Array.from({ length: 3000 }).some(broken)).toBe(true);
  });
});
