import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Session } from '../src/access/session.ts';
import { hostEntryFor, sshOptions } from '../src/ssh/host-entry.ts';
import { includeInSshConfig, isIncluded } from '../src/ssh/include.ts';
import { keyToRentWith, privateKeyFor } from '../src/ssh/key-files.ts';
import { parseKeyLine } from '../src/ssh/public-key.ts';
import { systemSsh } from '../src/ssh/system-ssh.ts';
import { fakeContext } from './support/context.ts';

const { utils } = ssh2;

const emptySession: Session = {
  lease: 7,
  genesisHash: `0x${'ab'.repeat(32)}`,
  account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  provider: '12D3KooW',
  gateways: [],
  grant: { peer: '12D3KooW', accountId: '0x', signature: '0x', notAfter: 0 },
  savedAt: 0,
  hostKey: '',
  publicKey: '',
};

function ed25519Pair(): { readonly public: string; readonly private: string } {
  const { publicKey, privateKey } = generateSshKeyPair('');
  return { public: publicKey.trim(), private: privateKey };
}

describe('SSH keys', () => {
  let root: string;
  let home: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hamster-ssh-'));
    home = join(root, '.hamster');
    vi.stubEnv('HOME', root);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });

  async function pairAt(path: string, type: 'ed25519' | 'ecdsa' = 'ed25519'): Promise<string> {
    const pair = type === 'ed25519' ? ed25519Pair() : utils.generateKeyPairSync(type, { bits: 256 });
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, pair.private);
    await writeFile(`${path}.pub`, `${pair.public} me@here\n`);
    return pair.public;
  }

  it('are made once when there are none, for the owner only', async () => {
    const made = await keyToRentWith(home, undefined);
    expect(made.privatePath).toBe(join(home, 'ssh', 'id_ed25519'));
    expect((await stat(made.privatePath)).mode & 0o777).toBe(0o600);
    expect(await keyToRentWith(home, undefined)).toEqual(made);
    expect(await privateKeyFor(home, made.publicKey)).toBe(made.privatePath);
  });

  it('are one pair when several are made at once, and the private one is never written over', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => keyToRentWith(home, undefined)));
    const [first] = made;
    expect(new Set(made.map(({ publicKey }) => publicKey)).size).toBe(1);
    const path = join(home, 'ssh', 'id_ed25519');
    const parsed = utils.parseKey(await readFile(path));
    if (parsed instanceof Error) throw parsed;
    expect(first?.publicKey).toContain(parsed.getPublicSSH().toString('base64'));
    await rm(`${path}.pub`);
    expect(await keyToRentWith(home, undefined)).toEqual(first);
  });

  it('are the person’s own when there are some', async () => {
    const line = await pairAt(join(root, '.ssh', 'id_ed25519'));
    expect((await keyToRentWith(home, undefined)).publicKey).toBe(`${line} me@here`);
    const other = await pairAt(join(root, '.ssh', 'work'), 'ecdsa');
    expect(await privateKeyFor(home, `${other} another comment`)).toBe(join(root, '.ssh', 'work'));
  });

  it('may be named, public or private, and are found again for logging in', async () => {
    const path = join(root, 'elsewhere', 'key');
    const line = await pairAt(path);
    expect((await keyToRentWith(home, path)).publicKey).toBe(line);
    expect(await keyToRentWith(home, `${path}.pub`)).toEqual({
      publicKey: `${line} me@here`,
      privatePath: path,
    });
    expect(await privateKeyFor(home, line)).toBe(path);
  });

  it('are all found again when several processes name theirs at once', async () => {
    const paths = Array.from({ length: 3 }, (_, index) => join(root, 'elsewhere', `key${index}`));
    const lines: string[] = [];
    for (const path of paths) lines.push(await pairAt(path));
    const module = JSON.stringify(new URL('../src/ssh/key-files.ts', import.meta.url).href);
    // They wait for each other, so that they really write at one moment.
    const program = `
      const { keyToRentWith } = await import(${module});
      process.once('message', async () => {
        await keyToRentWith(process.argv[1], process.argv[2]);
        process.disconnect();
      });
      process.send('ready');`;
    const children = paths.map((path) =>
      spawn(process.execPath, ['--input-type=module', '-e', program, home, path], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    await Promise.all(children.map((child) => once(child, 'message')));
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('now');
    expect((await Promise.all(ended)).map(([code]) => code as unknown)).toEqual(paths.map(() => 0));
    expect(await Promise.all(lines.map((line) => privateKeyFor(home, line)))).toEqual(paths);
  }, 60_000);

  it('that an earlier release remembered are still found', async () => {
    const path = join(root, 'elsewhere', 'key');
    const line = await pairAt(path);
    await mkdir(join(home, 'ssh'), { recursive: true });
    await writeFile(join(home, 'ssh', 'keys.json'), JSON.stringify({ privatePaths: [path] }));
    expect(await privateKeyFor(home, line)).toBe(path);
  });

  it('are refused with a sentence when the chain would not take them', async () => {
    await writeFile(join(root, 'text'), 'not a key');
    await expect(keyToRentWith(home, join(root, 'text'))).rejects.toMatchObject({
      code: 'SSH_KEY_INVALID',
      exitCode: 2,
    });
    await expect(keyToRentWith(home, join(root, 'none'))).rejects.toMatchObject({
      code: 'SSH_KEY_UNREADABLE',
    });
    expect(() => parseKeyLine('ssh-ed25519 AAAA\nHost evil', 'It')).toThrow('It is no SSH public key');
  });

  it('of a machine are pinned in files that ssh understands', async () => {
    const key = await keyToRentWith(home, undefined);
    const hostKey = ed25519Pair().public;
    const odd = join(root, "it's 100% odd");
    const context = fakeContext({ home: odd, chain: 'ws://127.0.0.1:9944/a b', devAccount: 'alice' });
    const session = { ...emptySession, publicKey: key.publicKey, hostKey: `${hostKey} host` };
    const entry = await hostEntryFor(context, session, 'root');
    expect(await readFile(entry.knownHostsFile, 'utf8')).toBe(`hamster-abababab-7 ${hostKey}\n`);
    // Written once, so that a home that is full or cannot be written keeps nobody from a machine that he knows.
    const { ino } = await stat(entry.knownHostsFile);
    await hostEntryFor(context, session, 'root');
    expect((await stat(entry.knownHostsFile)).ino).toBe(ino);
    const config = join(root, 'config');
    const lines = sshOptions(entry).map(([name, value]) => `  ${name} ${value}`);
    const everywhere = ['Host *', '  ForwardAgent yes', '  ForwardX11 yes', '  ProxyJump elsewhere'];
    await writeFile(config, ['Host hamster-7', ...lines, ...everywhere, ''].join('\n'));
    await chmod(config, 0o600);
    const seen = await promisify(execFile)('ssh', ['-G', '-F', config, 'hamster-7']).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      },
    );
    // Where there is no ssh there is nobody to misunderstand the file.
    if (!seen) return;
    const settings = seen.stdout.toLowerCase();
    expect(settings).toContain('stricthostkeychecking true');
    expect(settings).toContain('hostkeyalias hamster-abababab-7');
    expect(settings).toContain('forwardagent no');
    expect(settings).toContain('forwardx11 no');
    expect(settings).not.toContain('proxyjump');
    expect(seen.stdout).toContain(
      `--home '${odd.replaceAll('%', '%%').replaceAll("'", `'\\''`)}' --dev-account alice proxy 7`,
    );
  });
});

const entry = {
  ...{ name: 'hamster-1', user: 'root', alias: 'alias', proxyCommand: 'hamster proxy' },
  ...{ knownHostsFile: '/k', identityFile: undefined },
};

describe('the system’s ssh', () => {
  it('ends with whoever is told to end, by a signal to it alone', { timeout: 20_000 }, async () => {
    const bin = await mkdtemp(join(tmpdir(), 'hamster-ssh-'));
    onTestFinished(() => rm(bin, { recursive: true }));
    await writeFile(join(bin, 'ssh'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o700 });
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const ending = new AbortController();
    const context = { ...fakeContext({ home: bin }), env: process.env, signal: ending.signal };
    const code = systemSsh(context, entry, { command: [], tty: false });
    ending.abort();
    expect(await code).toBe(128 + 15);
  });
});

describe('the person’s own ssh config', () => {
  let root: string;
  let config: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hamster-ssh-'));
    config = join(root, '.ssh', 'config');
    await mkdir(join(root, '.ssh'));
    vi.stubEnv('HOME', root);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });

  it('includes the file once, before everything else', async () => {
    await writeFile(config, 'Host work\n  User me\n');
    expect(await isIncluded('/h/ssh/config')).toBe(false);
    await includeInSshConfig('/h/ssh/config');
    expect(await isIncluded('/h/ssh/config')).toBe(true);
    await includeInSshConfig('/h/ssh/config');
    expect(await readFile(config, 'utf8')).toBe('Include "/h/ssh/config"\nHost work\n  User me\n');
  });

  it('stays where it is kept when it is a link', async () => {
    await writeFile(join(root, 'dotfile'), 'Host work\n');
    await symlink(join(root, 'dotfile'), config);
    await includeInSshConfig('/h/ssh/config');
    expect((await lstat(config)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, 'dotfile'), 'utf8')).toBe('Include "/h/ssh/config"\nHost work\n');
  });

  it('is left alone when it cannot be read', async () => {
    await mkdir(config);
    await expect(includeInSshConfig('/h/ssh/config')).rejects.toMatchObject({
      code: 'SSH_CONFIG_UNREADABLE',
    });
    expect((await stat(config)).isDirectory()).toBe(true);
  });
});
