import { CommanderError } from 'commander';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@hamster/testing';
import { EXIT, exitCodeOf } from '../src/cli/errors.ts';
import { newPerson } from './support/cli.ts';
import type { Person } from './support/cli.ts';
import { personAtTerminal } from './support/terminal.ts';

describe('hamster, without a chain', { timeout: 120_000 }, () => {
  let person: Person;
  beforeAll(async () => {
    person = await newPerson();
  });
  afterAll(() => person.leave());

  it('explains itself', async () => {
    const { code, stdout } = await person.hamster(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'market',
      'rent',
      'leases',
      'ssh',
      'ssh-config',
      'forward',
      'terminate',
      'account',
      'console',
      'stop',
      'reinstall',
      'scp',
      'completion',
    ]) {
      expect(stdout).toContain(`\n  ${command} `);
    }
    expect(stdout).not.toContain('proxy');
    expect(stdout).toContain('Exit codes:');
  });

  it.each([
    [['rent', 'seven'], 'must be a whole number'],
    [['dance'], "unknown command 'dance'"],
  ])('refuses %j with a sentence and exit code 2', async (args, words) => {
    const { code, stderr, stdout } = await person.hamster(args);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  it.each([
    [['market', '--memory', 'lots'], 'size such as 2G'],
    [['market', '--virtualization', 'magic'], 'one of kvm, emulated, container, process'],
    [['forward', '1', 'http'], 'Say local:remote'],
    [['forward', '1', '8080:70000'], '1 to 65535'],
    [['extend', '1'], '--hours'],
    [['rent', '1', '--hours', '4294967296'], 'no lease so long'],
    [['quote', '1', '--memory', '9000000T'], 'no machine so large'],
    [['metrics', '1', '--watch', '--every', '2147484'], 'a day'],
    [['resize', '1'], '--cores, --memory or --disk'],
    [['market', '--sort', 'colour'], 'Allowed choices are price, record, capacity, availability'],
    [['completion', 'klingon'], 'bash, zsh, fish'],
    [['keys', '1', 'lose'], 'list, add, remove'],
    [['keys', '1', 'add'], 'Name the key to add'],
    [['scp', 'one', 'two'], 'lease:path'],
    [['daemon', '--no-api', '--page', 'https://market.example/'], 'leave out --page or --no-api'],
    [['scp', '1:a', '2:b'], 'one machine'],
    [['--chain', 'http://example.org', 'market'], 'begins with ws:// or wss://'],
    [['leases', '--json', '--home'], 'argument missing'],
  ])('takes no %j', async (args, words) => {
    const typist = personAtTerminal(['--home', person.home]);
    const refusal: unknown = await typist.types(args).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining(words) });
    expect(refusal instanceof CommanderError ? EXIT.usage : exitCodeOf(refusal)).toBe(EXIT.usage);
    expect(typist.output.readableLength).toBe(0);
  });

  it('says that the chain is not there, and exits with 6', async () => {
    const url = `ws://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await person.hamster(['market'], { HAMSTER_CHAIN: url });
    expect(code).toBe(6);
    expect(stderr).toBe(`No chain answers at ${url}. Is its node running, and is the address right?\n`);
  });

  it('keeps accounts, and uses the one that is chosen', async () => {
    const secret = { HAMSTER_PASSPHRASE: 'correct horse' };
    expect(await person.hamster(['account', 'create', 'one'])).toMatchObject({ code: 2, stdout: '' });
    expect((await person.hamster(['account', 'create', 'one'], secret)).stdout).toMatch(/^Made one: 5/);
    expect((await person.hamster(['account', 'create', 'two'], secret)).code).toBe(0);
    const key = await stat(join(person.home, '.hamster', 'accounts', 'one.json'));
    expect(key.mode & 0o777).toBe(0o600);
    expect((await person.hamster(['account', 'default'])).stdout).toBe('No account is chosen.\n');
    expect((await person.hamster(['account', 'default', 'three'])).stderr).toContain('There are: one, two.');
    expect((await person.hamster(['account', 'default', 'two'])).code).toBe(0);
    expect((await person.hamster(['account', 'default'])).stdout).toBe('two\n');
    const { stdout } = await person.hamster(['account', 'list', '--json']);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(['one', 'two']);
  });
});
