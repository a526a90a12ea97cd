import { createServer, connect as connectTcp } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { duplexPair, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import ssh2 from 'ssh2';
import type { Connection } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { librarySsh } from '../src/ssh/library-ssh.ts';
import type { Remote } from '../src/ssh/remote.ts';
import { fakeContext } from './support/context.ts';

const { Server, utils } = ssh2;

describe('logging in without the system’s ssh', () => {
  const hostKey = generateSshKeyPair('test');
  const renter = generateSshKeyPair('test');
  let directory: string;
  let machine: TcpServer;
  let logins = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-login-'));
    await writeFile(join(directory, 'key'), renter.privateKey, { mode: 0o600 });
    const ssh = new Server({ hostKeys: [hostKey.privateKey] }, serve);
    machine = createServer((socket) => ssh.injectSocket(socket)).listen(0, '127.0.0.1');
    await once(machine, 'listening');
  });
  afterAll(async () => {
    machine.close();
    await rm(directory, { recursive: true });
  });

  /** Takes the renter's key only; a command is answered with its own text, its input, and code 7. */
  function serve(client: Connection): void {
    const wanted = utils.parseKey(renter.publicKey);
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      logins += 1;
      const known =
        context.method === 'publickey' &&
        !(wanted instanceof Error) &&
        context.key.data.equals(wanted.getPublicSSH());
      if (known) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      const session = accept();
      let on = '';
      session.on('pty', (acceptPty, _, { term }) => {
        on = ` on ${term}`;
        acceptPty();
      });
      session.on('exec', (acceptExec, _, { command }) => {
        const channel = acceptExec();
        if (command.startsWith('exit ')) {
          // All at once, as where the program has ended before its start is answered.
          channel.write('gone\n');
          channel.exit(Number(command.slice(5)));
          return void channel.end();
        }
        channel.write(`ran ${command}${on}\n`);
        channel.stderr.write('warned\n');
        channel.on('data', (chunk: Buffer) => channel.write(chunk));
        channel.on('end', () => {
          channel.exit(7);
          channel.end();
        });
      });
    });
  }

  async function login(pinned: string, remote: Remote, input = '', isTTY = false) {
    const tunnel = connectTcp((machine.address() as AddressInfo).port, '127.0.0.1');
    await once(tunnel, 'connect');
    const keyboard = Object.assign(new PassThrough(), { isTTY });
    const terminal = { input: keyboard, output: new PassThrough(), errors: new PassThrough() };
    terminal.input.end(input);
    const context = { ...fakeContext({ home: directory }), terminal };
    const identityFile = join(directory, 'key');
    const running = librarySsh(context, { tunnel, user: 'root', hostKey: pinned, identityFile }, remote);
    const said = Promise.all([text(terminal.output), text(terminal.errors)]);
    const code = await running.finally(() => {
      terminal.output.end();
      terminal.errors.end();
    });
    const [output, errors] = await said;
    return { code, output, errors };
  }

  it('runs a command with its input, output and exit code', async () => {
    const remote = { command: ['uname', '-a'], tty: false };
    expect(await login(hostKey.publicKey, remote, 'some input\n')).toEqual({
      code: 7,
      output: 'ran uname -a\nsome input\n',
      errors: 'warned\n',
    });
  });

  it('hands on the code of a command that has ended as soon as it began', async () => {
    const remote = { command: ['exit', '5'], tty: false };
    for (let time = 0; time < 2; time++) {
      expect(await login(hostKey.publicKey, remote)).toEqual({ code: 5, output: 'gone\n', errors: '' });
    }
  });

  it('gives a command a terminal where that was asked for, and there is one', async () => {
    vi.stubEnv('TERM', 'vt100');
    const remote = { command: ['top'], tty: true };
    expect((await login(hostKey.publicKey, remote, '', true)).output).toBe('ran top on vt100\n');
    expect((await login(hostKey.publicKey, remote)).output).toBe('ran top\n');
    vi.unstubAllEnvs();
  });

  it('tells a machine with another key than the chain’s nothing', async () => {
    const before = logins;
    const other = generateSshKeyPair('other').publicKey;
    const remote = { command: ['true'], tty: false };
    await expect(login(other, remote)).rejects.toMatchObject({ code: 'HOST_KEY_MISMATCH', exitCode: 5 });
    expect(logins).toBe(before);
  });

  it('is given up at once by who is told to end, also where nobody answers', async () => {
    const [tunnel, silent] = duplexPair();
    const ending = new AbortController();
    const context = { ...fakeContext({ home: directory }), signal: ending.signal };
    const login = { tunnel, user: 'root', hostKey: hostKey.publicKey, identityFile: undefined };
    const running = librarySsh(context, login, { command: [], tty: false });
    await once(silent, 'readable');
    ending.abort(new Error('Stopped.'));
    await expect(running).rejects.toThrow('Stopped.');
  });
});
