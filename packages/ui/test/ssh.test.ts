import { describe, expect, test } from 'vitest';
import { fingerprintOfLine, parseSshPublicKey } from '../src/ssh/index.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICbyx+HsmmldiOGU9ateHyXk5xt88c6WkRX912yNwVPQ ann@laptop';
const ECDSA =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEjtHSNHTpyYfXd4dsKqVbWU5Ap15vYsnaFWJOxeaPzHHULyyJl48acnGfRgegu6lBfHD/y3X9XtIWKQaOtWOug= e';
const RSA_1024 =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC1h6hPtTOw4SAvusbLGoz4fNMWHughhX9fmOeQsOj+ux/b5F5xw92XjFQLypVC21EHXk1q1cSlqjRwVVVahAh0OxGOM87NhakulHnbBr/fcIeu3jGWgBNb1s1s2w/2J5Sc3ybFcL4Mq5Lc1pO6uwcA92NLO2JgMmg6/r0nHsFdlw== w';
const RSA_2048 =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCwUG81Z6MGynGEZIf3M8aEwFurIVP+eKt+NMi10Hk1Ri/7z5hDBa+3bGxOyTqI+u8k0Cj4VgG6OvFaCnU9MF2rJrK+Xyj42OOM+jOFN01QTAAcGj//HRUhpt3uIO7EbWnIzSmT8h0K4VmrnQuadPejmdSyrJIdgQ///XmvBBk8byGvhlAKUrzuq5lOXhJ7NL39dUervMT+g70zcsD2soUdkWo30zGSglJuSM3dr3mR0Kic9BPFKojQNMeE/SZGRwVrQe5qkfGsp8aAMjVhKB5btZ2ly5ziousw7GXLI1GXVqnF6ij6cm+weDjo/NNgwD7Kg2jSv6TBA4AAbthnmRNR w';

const problemOf = (text: string): string => {
  const parsed = parseSshPublicKey(text);
  return 'problem' in parsed ? parsed.problem : 'none';
};

describe('a pasted SSH key', () => {
  test('is taken with its spaces tidied and its comment kept', () => {
    const parsed = parseSshPublicKey(`  ${ED25519.replaceAll(' ', '  ')}\n`);
    expect(parsed).toMatchObject({ key: { type: 'ssh-ed25519', comment: 'ann@laptop', line: ED25519 } });
    expect(problemOf(ECDSA)).toBe('none');
    expect(problemOf(RSA_2048)).toBe('none');
  });

  test.each([
    ['empty', '  '],
    ['privateKey', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n'],
    ['severalLines', `${ED25519}\n${ECDSA}`],
    ['unknownType', 'ssh-dss AAAAB3NzaC1kc3M='],
    ['unknownType', 'hello world'],
    ['damaged', 'ssh-ed25519'],
    ['damaged', 'ssh-ed25519 not!base64'],
    ['damaged', ED25519.slice(0, -20)],
    ['damaged', ED25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['weakRsa', RSA_1024],
    ['oddComment', `${ED25519} Ännchen`],
    ['tooLong', `${ED25519} ${'x'.repeat(1024)}`],
  ])('is refused as %s', (problem, text) => {
    expect(problemOf(text)).toBe(problem);
  });

  test('has the fingerprint that ssh-keygen prints', async () => {
    expect(await fingerprintOfLine(ED25519)).toBe('SHA256:TczivEdNz2JDjyFrpOWey8ucCC8YgXtjdstG5pDvas8');
    expect(await fingerprintOfLine(ECDSA)).toBe('SHA256:4YipHamAXxcgX+6RSey1jL2BP7T3g2HExTVSxFr4vgA');
    expect(await fingerprintOfLine('no key')).toBeUndefined();
  });
});
