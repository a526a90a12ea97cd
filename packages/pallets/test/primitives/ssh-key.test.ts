import { describe, expect, it } from 'vitest';

import { isSshPublicKey } from '../../src/primitives/ssh-key.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const field = (bytes: Uint8Array): Uint8Array => {
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
};
const blob = (...fields: Uint8Array[]): string =>
  btoa(String.fromCharCode(...fields.flatMap((bytes) => [...field(bytes)])));
const filled = (length: number, first = 7): Uint8Array => new Uint8Array(length).fill(7).fill(first, 0, 1);

const ed25519 = `ssh-ed25519 ${blob(ascii('ssh-ed25519'), filled(32))}`;
const ecdsa = `ecdsa-sha2-nistp256 ${blob(ascii('ecdsa-sha2-nistp256'), ascii('nistp256'), filled(65, 4))}`;
const exponent = Uint8Array.of(1, 0, 1);
const modulus = Uint8Array.of(0, 200, ...filled(255));
const rsa = `ssh-rsa ${blob(ascii('ssh-rsa'), exponent, modulus)}`;

describe('an SSH public key is one line of authorized_keys, and only that', () => {
  it.each([ed25519, ecdsa, rsa, `${ed25519} alice@laptop`, `${ed25519} two words`, `${ed25519} `])(
    'accepts %s',
    (line) => {
      expect(isSshPublicKey(ascii(line))).toBe(true);
    },
  );

  it.each([
    ['nothing', ''],
    ['a type alone', 'ssh-ed25519'],
    ['another type', ed25519.replaceAll('ssh-ed25519', 'ssh-dss')],
    ['options in front', `command="sh" ${ed25519}`],
    ['a blank in front', ` ${ed25519}`],
    ['a second line', `${ed25519}\n${ed25519}`],
    ['a newline at the end', `${ed25519}\n`],
    ['a carriage return', `${ed25519} a\rb`],
    ['a NUL', `${ed25519} a\0b`],
    ['an escape sequence', `${ed25519} \u001b[2J`],
    ['a tab', `${ed25519}\tx`],
    ['a comment outside of ASCII', `${ed25519} zoë`],
    ['a type that the blob contradicts', ed25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['a short key', `ssh-ed25519 ${blob(ascii('ssh-ed25519'), filled(31))}`],
    ['a field too many', `ssh-ed25519 ${blob(ascii('ssh-ed25519'), filled(32), filled(1))}`],
    ['half a length prefix', `ssh-ed25519 ${btoa('\0\0')}`],
    ['a length over the end', `ssh-ed25519 ${btoa('\0\0\0\x0bssh')}`],
    ['base64 without padding', ed25519.replace(/.$/, '')],
    ['base64 with loose bits', `ssh-ed25519 ${blob(ascii('ssh-ed25519'), filled(32)).slice(0, -1)}=`],
    ['a weak RSA key', `ssh-rsa ${blob(ascii('ssh-rsa'), exponent, filled(128))}`],
    ['a negative RSA modulus', `ssh-rsa ${blob(ascii('ssh-rsa'), exponent, modulus.subarray(1))}`],
    [
      'a compressed point',
      ecdsa.replace(/ .*/, ` ${blob(ascii('ecdsa-sha2-nistp256'), ascii('nistp256'), filled(33, 2))}`),
    ],
    [
      'another curve',
      `ecdsa-sha2-nistp256 ${blob(ascii('ecdsa-sha2-nistp256'), ascii('nistp384'), filled(65, 4))}`,
    ],
  ])('refuses %s', (_, line) => {
    expect(isSshPublicKey(ascii(line))).toBe(false);
  });

  it('refuses bytes that are no text', () => {
    expect(isSshPublicKey(Uint8Array.of(...ascii(`${ed25519} `), 0xff))).toBe(false);
  });
});
