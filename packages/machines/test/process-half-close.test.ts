import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import ssh2 from 'ssh2';
import type { ClientChannel } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARK_VARIABLE } from '../src/process/layout.ts';
import { serveProcessMachine } from './process-server.ts';

const LARGE = 5_000_000;
/** More than the window of a client, and less than what the server takes in beside that. */
const MUCH = 3_500_000;

/** A program of the machine, with a port for each way to end a connection; it tells what came, and on which port it listens. */
const PROGRAM = `
  const { createServer } = require('node:net');
  const told = (socket, then) => {
    let bytes = 0;
    socket.on('error', () => undefined).on('data', (data) => (bytes += data.length)).on('end', () => then(bytes));
  };
  const ways = {
    endsFirst: (socket) => (told(socket, (came) => process.send({ came })), socket.end('bye')),
    saysMuch: (socket) => (told(socket, (came) => process.send({ came })), socket.end(Buffer.alloc(${MUCH}, 1))),
    answersTheEnd: (socket) => told(socket, (came) => socket.end(String(came))),
    resets: (socket) => (socket.on('error', () => undefined), socket.write('no', () => socket.resetAndDestroy())),
  };
  const ports = {};
  for (const [way, serve] of Object.entries(ways)) {
    const server = createServer({ allowHalfOpen: true }, serve).listen(0, '127.0.0.1', () => {
      ports[way] = server.address().port;
      if (Object.keys(ports).length === Object.keys(ways).length) process.send({ ports });
    });
  }
  process.on('disconnect', () => process.exit());
`;

type Ports = Record<'endsFirst' | 'saysMuch' | 'answersTheEnd' | 'resets', number>;

describe('a connection forwarded into a process machine', { timeout: 60_000 }, () => {
  let program: ChildProcess;
  let ports: Ports;
  let client: ssh2.Client;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const machine = await serveProcessMachine();
    const { layout, port, renter } = machine;
    close = machine.close;
    program = spawn(process.execPath, ['-e', PROGRAM], {
      env: { ...process.env, [MARK_VARIABLE]: layout.mark },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    ({ ports } = (await message()) as { ports: Ports });
    client = new ssh2.Client();
    client.connect({ host: '127.0.0.1', port, username: 'root', privateKey: renter.privateKey });
    await once(client, 'ready');
  }, 60_000);
  afterAll(async () => {
    client.end();
    program.disconnect();
    await once(program, 'exit');
    await close();
  });

  async function message(): Promise<unknown> {
    const [told] = (await once(program, 'message')) as [unknown];
    return told;
  }

  function forward(way: keyof Ports): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      client.forwardOut('127.0.0.1', 0, '127.0.0.1', ports[way], (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });
  }

  async function read(channel: ClientChannel): Promise<Buffer> {
    const chunks: Buffer[] = [];
    channel.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(channel, 'end');
    return Buffer.concat(chunks);
  }

  it.each([0, 1, 65_536, LARGE])('takes %d bytes after the program has said its last', async (size) => {
    const channel = await forward('endsFirst');
    expect(String(await read(channel))).toBe('bye');
    const [heard, closed] = [message(), once(channel, 'close')];
    channel.end(Buffer.alloc(size));
    expect(await heard).toEqual({ came: size });
    await closed;
  });

  it('brings all that the program said when the client ends while much of it is on its way', async () => {
    const channel = await forward('saysMuch');
    const heard = message();
    channel.end('enough');
    expect(await heard).toEqual({ came: 6 });
    // The server, which is in this process, takes in the rest meanwhile.
    for (let turns = 0; turns < 500; turns++) await turn();
    expect((await read(channel)).length).toBe(MUCH);
  });

  it.each([0, 1, LARGE])('brings the answer to the end of %d bytes', async (size) => {
    const channel = await forward('answersTheEnd');
    channel.end(Buffer.alloc(size));
    expect(String(await read(channel))).toBe(String(size));
  });

  it('brings what was said before a reset, and leaves nothing that takes the place of another', async () => {
    let opened = 0;
    while (opened < 80) {
      // A reset that is faster than the connecting is a refusal.
      const channel = await forward('resets').catch(() => undefined);
      if (!channel) continue;
      opened += 1;
      const closed = once(channel, 'close');
      expect(String(await read(channel))).toBe('no');
      channel.write('too late');
      await closed;
    }
  });
});
