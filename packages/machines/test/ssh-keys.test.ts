import { generateSshKeyPair } from '@hamster/ssh-keys';
import { describe, expect, it } from 'vitest';
import { isSshPublicKey } from '../src/index.ts';

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
