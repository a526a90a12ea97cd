/**
 * The clients, in a process of their own: send extrinsics that were signed before over several WebSockets, and never
 * more than what the node's pool can hold besides what its blocks have taken.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { Frames } from './frames.ts';

export interface LoadTask {
  readonly url: string;
  /** Hex extrinsics, one a line, in the order in which they have to arrive. */
  readonly file: string;
  readonly connections: number;
  /** Sent and not in a block yet, at most. */
  readonly window: number;
}

export type LoadReport =
  | { readonly type: 'ready' }
  | {
      readonly type: 'done';
      readonly sent: number;
      readonly refused: number;
      readonly example: string;
      /** Processor time for sending, in ms. */
      readonly cpu: number;
    };

/** Unanswered requests of one connection. */
const IN_FLIGHT = 200;

interface Sender {
  readonly socket: WebSocket;
  /** What the socket writes into. */
  readonly stream: Socket;
  waiting: number;
}

process.once('message', (task: LoadTask) => void run(task));

async function run({ url, file, connections, window }: LoadTask): Promise<void> {
  // Made before, as the signatures are: what it costs to send is no part of what is measured.
  const frames = new Frames(readFileSync(file, 'utf8').trimEnd().split('\n').map(requestOf));
  const senders = await Promise.all(Array.from({ length: connections }, () => connect(url)));
  let [sent, answered, included, refused] = [0, 0, 0, 0];
  let example = '';
  const cpuBefore = process.cpuUsage();
  /** At most once in each turn of the event loop, and never after the last answer. */
  let isDue = false;
  const pump = () => {
    isDue = false;
    for (const sender of senders) {
      const room = Math.min(IN_FLIGHT - sender.waiting, frames.count - sent, window - (sent - included));
      if (room <= 0) continue;
      sender.stream.write(frames.slice(sent, sent + room));
      sender.waiting += room;
      sent += room;
    }
    if (answered < frames.count) return;
    isDue = true;
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpu = (user + system) / 1000;
    process.send?.({ type: 'done', sent, refused, example, cpu } satisfies LoadReport);
    for (const { socket } of senders) socket.close();
    process.disconnect();
  };
  const pumpSoon = () => {
    if (!isDue) setImmediate(pump);
    isDue = true;
  };
  for (const sender of senders) {
    sender.socket.on('message', (data: Buffer) => {
      sender.waiting -= 1;
      answered += 1;
      if (data.includes('"error"')) {
        refused += 1;
        example = data.toString();
      }
      pumpSoon();
    });
  }
  process.on('message', (message: { included: number }) => {
    included = message.included;
    pumpSoon();
  });
  process.send?.({ type: 'ready' } satisfies LoadReport);
}

const requestOf = (extrinsic: string, id: number): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"author_submitExtrinsic","params":["${extrinsic}"]}`;

async function connect(url: string): Promise<Sender> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const signal = AbortSignal.timeout(30_000);
  const opened = once(socket, 'open', { signal });
  const [{ socket: stream }] = (await once(socket, 'upgrade', { signal })) as [IncomingMessage];
  await opened;
  return { socket, stream, waiting: 0 };
}
