import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devAccount, Keystore } from '../src/index.ts';

const MNEMONIC = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const PASSPHRASE = 'correct horse';

/** A passphrase takes a second of a core by intention, several times in each test. */
describe('Keystore', { timeout: 120_000 }, () => {
  let root: string;
  let keys: Keystore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hamster-keys-'));
    keys = new Keystore(join(root, 'keys'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('takes over an account of another scheme, by its address', async () => {
    const { Keyring } = await import('#polkadot/keyring');
    const pair = new Keyring({ type: 'ecdsa', ss58Format: 42 }).addFromUri('//Somebody');
    const json = JSON.stringify(pair.toJson(PASSPHRASE));
    expect(await keys.importJson('mine', json, PASSPHRASE)).toMatchObject({ address: pair.address });
    expect(await keys.list()).toMatchObject([{ name: 'mine', address: pair.address }]);
    expect((await keys.unlock(pair.address, PASSPHRASE)).type).toBe('ecdsa');
    await expect(keys.importJson('again', json, PASSPHRASE)).rejects.toMatchObject({
      code: 'KEY_EXISTS',
    });
  });

  it('takes over no key that is of no use on this chain', async () => {
    const { Keyring } = await import('#polkadot/keyring');
    const pair = new Keyring({ type: 'ethereum' }).addFromUri(`0x${'11'.repeat(32)}`);
    const json = JSON.stringify(pair.toJson(PASSPHRASE));
    await expect(keys.importJson('mine', json, PASSPHRASE)).rejects.toMatchObject({
      code: 'KEY_KIND_UNSUPPORTED',
    });
    expect(await keys.list()).toEqual([]);
  });

  it('lesson 18: makes an account that only its passphrase opens, in a file only its owner reads', async () => {
    const { mnemonic, address, path } = await keys.create('work', PASSPHRASE);
    expect(mnemonic.split(' ')).toHaveLength(12);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'keys'))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).not.toContain(mnemonic.split(' ').slice(0, 2).join(' '));
    await expect(keys.unlock('work', 'wrong horse')).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    const pair = await keys.unlock(address, PASSPHRASE);
    expect(pair.verify('text', pair.sign('text'), pair.publicKey)).toBe(true);
  });

  it('imports a mnemonic with a derivation path, as wallets derive it', async () => {
    const { address } = await keys.importMnemonic('dev', `${MNEMONIC}//Alice`, PASSPHRASE);
    expect(address).toBe((await devAccount('alice')).address);
    await expect(keys.importMnemonic('other', `${MNEMONIC} walk`, PASSPHRASE)).rejects.toMatchObject({
      code: 'MNEMONIC_INVALID',
    });
  });

  it('moves an account to another keystore by its JSON', async () => {
    const { address } = await keys.create('one', PASSPHRASE);
    const json = await keys.export('one');
    const others = new Keystore(join(root, 'others'));
    await expect(others.importJson('two', json, 'wrong horse')).rejects.toMatchObject({
      code: 'WRONG_PASSPHRASE',
    });
    await others.importJson('two', json, PASSPHRASE);
    expect((await others.unlock('two', PASSPHRASE)).address).toBe(address);
    await expect(others.importJson('three', '{}', PASSPHRASE)).rejects.toMatchObject({
      code: 'KEY_FILE_INVALID',
    });
  });

  it('lists, names what is missing, and refuses a second key of one name', async () => {
    await keys.create('a', PASSPHRASE);
    await keys.create('b', PASSPHRASE);
    await writeFile(join(root, 'keys', 'note.json'), 'not a key');
    expect((await keys.list()).map(({ name }) => name)).toEqual(['a', 'b']);
    await expect(keys.create('a', PASSPHRASE)).rejects.toMatchObject({ code: 'KEY_EXISTS' });
    await expect(keys.unlock('c', PASSPHRASE)).rejects.toThrow(
      'There is no account "c" here. There are: a, b.',
    );
    await expect(keys.create('../up', PASSPHRASE)).rejects.toMatchObject({ code: 'KEY_NAME_INVALID' });
    await keys.remove('a');
    expect((await keys.list()).map(({ name }) => name)).toEqual(['b']);
  });
});

describe('development accounts', () => {
  it('are the ones that everybody knows', async () => {
    expect((await devAccount('alice')).address).toBe('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY');
    expect((await devAccount('//Bob')).address).toBe('5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty');
    await expect(devAccount('mallory')).rejects.toMatchObject({ code: 'DEV_ACCOUNT_UNKNOWN' });
  });
});
