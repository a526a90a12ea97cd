import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountCommand, Keystore } from '../src/index.ts';

/** A passphrase takes a second of a core by intention, here six times one after the other. */
describe('the account commands', { timeout: 120_000 }, () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hamster-accounts-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function run(args: string[], { json = false, passphrase = 'correct horse' } = {}): Promise<string> {
    const output = new PassThrough();
    const terminal = { input: new PassThrough(), output, errors: new PassThrough() };
    const context = {
      keystore: new Keystore(join(root, 'keys')),
      passphrase: { terminal, env: { HAMSTER_PASSPHRASE: passphrase } },
      json,
    };
    const command = accountCommand(() => Promise.resolve(context));
    await command.exitOverride().parseAsync(args, { from: 'user' });
    return String(output.read() ?? '');
  }

  it('make, list, export, import and delete an account', async () => {
    expect(await run(['list'])).toContain('no accounts yet. Make one with `account create <name>`');
    const made = await run(['create', 'work']);
    expect(made).toMatch(/^Made work: 5\w{47}\n\n {2}(\w+ ){11}\w+\n/);
    const [entry] = JSON.parse(await run(['list'], { json: true })) as [{ address: string }];
    const exported = join(root, 'wallet.json');
    await writeFile(exported, await run(['export', 'work']));
    await expect(run(['remove', 'work'], { passphrase: 'wrong horse' })).rejects.toMatchObject({
      code: 'WRONG_PASSPHRASE',
    });
    expect(await run(['remove', 'work'])).toBe(`Deleted work: ${entry.address}\n`);
    expect(await run(['import', 'again', '--from', exported])).toBe(`Took over again: ${entry.address}\n`);
    expect(await run(['list'])).toBe(`again  ${entry.address}\n`);
  });

  it('take the words from a file', async () => {
    const words = join(root, 'words');
    await writeFile(words, 'bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice\n');
    expect(await run(['import', 'alice', '--from', words])).toContain(
      '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    );
    await expect(run(['import', 'bob', '--from', join(root, 'none')])).rejects.toMatchObject({ exitCode: 2 });
  });
});
