import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { encodePacket, MESSAGE, STATUS } from '../src/rpc/packet.ts';
import type { Packet } from '../src/rpc/packet.ts';
import { PacketSplitter } from '../src/rpc/packet-splitter.ts';
import { PROCEDURE } from '../src/procedures.ts';

export type Peer = { send(packet: Packet): void; sendRaw(bytes: Buffer): void; hangUp(): void };

/** Gets every packet but those of connecting, which the daemon answers by itself. */
export type Script = (packet: Packet, peer: Peer) => void;

/** A daemon that answers as a test tells it to. */
export class FakeDaemon {
  readonly socketPath: string;
  readonly #directory: string;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(directory: string, script: Script) {
    this.#directory = directory;
    this.socketPath = join(directory, 'sock');
    this.#server = net.createServer((socket) => this.#serve(socket, script));
  }

  /** `path` is the socket of a daemon that was stopped and now comes back. */
  static async start(script: Script, path?: string): Promise<FakeDaemon> {
    const directory =
      path === undefined ? await mkdtemp(join(os.tmpdir(), 'hamster-libvirt-')) : dirname(path);
    await mkdir(directory, { recursive: true });
    const daemon = new FakeDaemon(directory, script);
    await new Promise<void>((resolve) => daemon.#server.listen(daemon.socketPath, resolve));
    return daemon;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true });
  }

  #serve(socket: net.Socket, script: Script): void {
    this.#sockets.add(socket);
    const splitter = new PacketSplitter();
    const peer: Peer = {
      send: (packet) => void socket.write(encodePacket(packet)),
      sendRaw: (bytes) => void socket.write(bytes),
      hangUp: () => void socket.destroy(),
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const packet of splitter.push(chunk)) {
        if (!greet(packet, peer)) script(packet, peer);
      }
    });
  }
}

export function reply(call: Packet, body: Buffer): Packet {
  return { ...call, type: MESSAGE.reply, status: STATUS.ok, body };
}

function greet(packet: Packet, peer: Peer): boolean {
  const answers = new Map<number, Buffer>([
    [PROCEDURE.authList, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])],
    [PROCEDURE.connectSupportsFeature, Buffer.from([0, 0, 0, 1])],
    [PROCEDURE.connectOpen, Buffer.alloc(0)],
    [PROCEDURE.connectClose, Buffer.alloc(0)],
  ]);
  const answer = packet.type === MESSAGE.call ? answers.get(packet.procedure) : undefined;
  if (answer) peer.send(reply(packet, answer));
  return answer !== undefined;
}
