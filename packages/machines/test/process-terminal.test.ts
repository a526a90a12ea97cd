import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import ssh2 from 'ssh2';
import type { ClientChannel } from 'ssh2';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createProcessDriver } from '../src/index.ts';

const renter = generateSshKeyPair('renter');
const stateDir = await mkdtemp(join(os.tmpdir(), 'hamster-terminal-'));
const driver = createProcessDriver({ stateDir });
const client = new ssh2.Client();

beforeAll(async () => {
  const spec = { cpuCores: 1, memoryMib: 64, diskGib: 1 };
  const order = { leaseId: 't1', spec, image: 'process', sshPublicKeys: [renter.publicKey] };
  const { endpoint } = await driver.create(order);
  await new Promise((resolve, reject) => {
    client.once('ready', () => resolve(undefined)).once('error', reject);
    client.connect({
      host: endpoint.host,
      port: endpoint.port,
      username: 'root',
      privateKey: renter.privateKey,
    });
  });
});

afterAll(async () => {
  client.end();
  await driver.destroy('t1');
  await rm(stateDir, { recursive: true, force: true });
});

describe('an interactive login', () => {
  it('has a terminal of the right size, follows its changes, and ends with the status of the shell', async () => {
    const shell = await openShell();
    const screen = new Screen(shell);
    shell.write('stty size; tty\n');
    await screen.shows(/33 99\r\n\/dev\/pts\/\d+/);
    shell.setWindow(50, 120, 0, 0);
    shell.write('while [ "$(stty size)" != "50 120" ]; do read -t 0.05 x; done; echo "resi""zed"\n');
    await screen.shows(/resized/);
    shell.write('exit 9\n');
    expect(await screen.ended).toBe(9);
  });

  it('interrupts what runs in front', async () => {
    const shell = await openShell();
    const screen = new Screen(shell);
    shell.write('trap "" HUP; echo "rea""dy"; sleep 1000; echo "inter""rupted"\n');
    await screen.shows(/ready/);
    shell.write('\x03');
    shell.write('echo "al""ive"\n');
    await screen.shows(/alive/);
    shell.write('exit\n');
    await screen.ended;
  });

  it('says that nothing isolates it', async () => {
    const shell = await openShell();
    const screen = new Screen(shell);
    await screen.shows(/NOT isolated/);
    shell.end('exit\n');
    await screen.ended;
  });

  it('is joined with what its own programs listen on, on loopback, and with nothing else of the host', async () => {
    const program =
      'net.createServer({allowHalfOpen:true},s=>s.pipe(s)).listen(0,HOST,function(){console.log(this.address().port)})';
    const hasV6 = os.networkInterfaces()['lo']?.some(({ address }) => address === '::1') === true;
    for (const [listening, asked] of [
      ['127.0.0.1', '127.0.0.1'],
      ['0.0.0.0', 'localhost'],
      ...(hasV6 ? [['::1', '::1'] as const] : []),
      // Also where ::1 is switched off.
      ...(existsSync('/proc/net/if_inet6')
        ? [['::', 'localhost'] as const, ['::', '127.0.0.1'] as const]
        : []),
    ] as const) {
      const echo = await run(`exec ${process.execPath} -e "${program.replace('HOST', `'${listening}'`)}"`);
      const port = Number(String((await once(echo, 'data'))[0]));
      const through = await forward(asked, port);
      through.end('hello');
      expect(await text(through)).toBe('hello');
      // The same socket, under a name that is not loopback's.
      await expect(forward('0.0.0.0', port)).rejects.toThrow(/open failure/i);
      echo.signal('TERM');
      await once(echo, 'close');
      await expect(forward(asked, port)).rejects.toThrow(/open failure/i);
    }
    const neighbour = createServer((socket) => socket.end('of the host')).listen(0, '127.0.0.1');
    onTestFinished(() => void neighbour.close());
    await once(neighbour, 'listening');
    await expect(forward('127.0.0.1', (neighbour.address() as AddressInfo).port)).rejects.toThrow(
      /open failure/i,
    );
  });

  it('is not joined with a port that its program shares with one of the host', async () => {
    const shared = (host: string) => ({ host, reusePort: true });
    for (const [neighbours, own] of [
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.1', '0.0.0.0'],
      ['0.0.0.0', '127.0.0.1'],
    ] as const) {
      const neighbour = createServer((socket) => socket.end('of the host'));
      neighbour.listen({ ...shared(neighbours), port: 0 });
      onTestFinished(() => void neighbour.close());
      await once(neighbour, 'listening');
      const { port } = neighbour.address() as AddressInfo;
      const options = JSON.stringify({ ...shared(own), port })
        .replaceAll('"', `'`)
        .replaceAll(/'(\w+)':/g, '$1:');
      const mine = await run(
        `exec ${process.execPath} -e "net.createServer(s=>s.end('mine')).listen(${options},()=>console.log('up'))"`,
      );
      await once(mine, 'data');
      await expect(forward('127.0.0.1', port)).rejects.toThrow(/open failure/i);
      mine.signal('TERM');
      await once(mine, 'close');
    }
  });

  it('gets no port of the host, and no way to anywhere else', async () => {
    await expect(forward('192.0.2.1', 22)).rejects.toThrow(/open failure/i);
    const listen = new Promise((resolve, reject) => {
      client.forwardIn('127.0.0.1', 0, (error) => (error ? reject(error) : resolve(true)));
    });
    await expect(listen).rejects.toThrow();
  });
});

function run(command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

function forward(host: string, port: number): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 1, host, port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

function openShell(): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.shell({ rows: 33, cols: 99, term: 'xterm' }, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

/** Collects what a terminal shows and lets a test wait for a pattern. */
class Screen {
  readonly ended: Promise<number | undefined>;
  #text = '';
  readonly #channel: ClientChannel;

  constructor(channel: ClientChannel) {
    this.#channel = channel;
    let code: number | undefined;
    channel.once('exit', (status: number) => (code = status));
    this.ended = new Promise((resolve) => channel.once('close', () => resolve(code)));
    channel.on('data', (chunk: Buffer) => (this.#text += chunk.toString()));
  }

  shows(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(this.#text)) return;
        this.#channel.removeListener('data', look);
        resolve();
      };
      this.#channel.on('data', look);
      this.#channel.once('close', () => reject(new Error(`closed after: ${this.#text}`)));
      look();
    });
  }
}
