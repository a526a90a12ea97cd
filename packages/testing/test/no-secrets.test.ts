import { globSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mnemonicValidate } from '@polkadot/util-crypto';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'coverage', 'pnpm-lock.yaml']);
const LARGEST = 1024 * 1024;

/** The words of the development accounts: everybody knows them, and everybody should. */
const WELL_KNOWN = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

const LENGTHS = [12, 15, 18, 21, 24];

const sources = globSync('**/*', { cwd: ROOT, exclude: (path) => SKIPPED.has(path.split('/').at(-1) ?? '') })
  .filter((path) => {
    const found = statSync(`${ROOT}${path}`);
    return found.isFile() && found.size <= LARGEST;
  })
  .map((path) => [path, readFileSync(`${ROOT}${path}`, 'utf8')] as const);

/** Every phrase in a text that a wallet would open. */
const mnemonicsIn = (text: string): string[] => {
  const runs = text.match(/\b[a-z]{3,8}(?: [a-z]{3,8}){11,}\b/g) ?? [];
  return runs.flatMap((run) => {
    const words = run.split(' ');
    return words.flatMap((_, start) =>
      LENGTHS.map((length) => words.slice(start, start + length))
        .filter((phrase, index) => phrase.length === LENGTHS[index])
        .map((phrase) => phrase.join(' '))
        .filter((phrase) => mnemonicValidate(phrase)),
    );
  });
};

/** A key with a body; the marks alone, and bodies of a few bytes, are code and test data. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=]{40}/;
const SWARM_KEY = /\/key\/swarm\/psk\/[\d.]+\/(?:\\n|\s)+\/base\d+\/(?:\\n|\s)+[A-Za-z0-9+/=]{40}/;

it('lesson 19: no file of the repository holds a mnemonic, a private key or a key of a network', () => {
  expect(sources.length).toBeGreaterThan(500);
  const secrets = sources.flatMap(([path, text]) => [
    ...mnemonicsIn(text)
      .filter((phrase) => phrase !== WELL_KNOWN)
      .map((phrase) => `${path}: ${phrase}`),
    ...(PRIVATE_KEY.test(text) ? [`${path}: a private key`] : []),
    ...(SWARM_KEY.test(text) ? [`${path}: a key of a network`] : []),
  ]);
  expect(secrets).toEqual([]);
});

it('would find one', () => {
  expect(mnemonicsIn(`const words = '${WELL_KNOWN}';`)).toEqual([WELL_KNOWN]);
  expect(mnemonicsIn('words that look like words but are no key of any wallet in this world')).toEqual([]);
  const key = [
    '-----BEGIN OPENSSH',
    ' PRIVATE KEY-----\n',
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ',
  ].join('');
  expect(PRIVATE_KEY.test(key)).toBe(true);
  expect(SWARM_KEY.test(['/key/swarm', '/psk/1.0.0/\n/base16/\n', '5c'.repeat(32)].join(''))).toBe(true);
});
