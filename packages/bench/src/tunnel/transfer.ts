import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BenchError } from '../errors.ts';
import { patternBlock, patternBytes, PatternCheck } from './pattern.ts';

const block = patternBlock();
const LIMIT_MS = 300_000;

/** MB/s of an upload through a port that leads to the machine, from the connection on until its answer. */
export async function uploadRate(port: number, bytes: number): Promise<number> {
  const socket = await dial(port, 'U', bytes);
  const started = performance.now();
  const answer = text(socket);
  await pipeline(Readable.from(patternBytes(block, bytes)), socket, { end: false });
  socket.end();
  if ((await answer) !== String(bytes)) throw wrong(`an upload of ${bytes} bytes`);
  return rate(bytes, started);
}

/** MB/s of a download. */
export async function downloadRate(port: number, bytes: number): Promise<number> {
  const socket = await dial(port, 'D', bytes);
  const started = performance.now();
  const check = new PatternCheck(block);
  socket.on('data', (chunk: Buffer) => check.take(chunk));
  await once(socket, 'end');
  socket.end();
  if (check.wrong || check.bytes !== bytes) throw wrong(`a download of ${bytes} bytes`);
  return rate(bytes, started);
}

/** How long 64 bytes take to the machine and back, in µs, one after the other. */
export async function roundTrips(port: number, count: number): Promise<number[]> {
  const socket = await dial(port, 'E', 0);
  const message = block.subarray(0, 64);
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    const started = performance.now();
    socket.write(message);
    let received = 0;
    while (received < message.length) received += ((await once(socket, 'data')) as [Buffer])[0].length;
    times.push((performance.now() - started) * 1000);
  }
  socket.destroy();
  return times;
}

async function dial(port: number, what: 'U' | 'D' | 'E', bytes: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  socket.setTimeout(LIMIT_MS, () => socket.destroy(wrong('a transfer that stood still')));
  await once(socket, 'connect');
  const header = Buffer.alloc(5);
  header.write(what, 'latin1');
  header.writeUInt32BE(bytes, 1);
  socket.write(header);
  return socket;
}

const rate = (bytes: number, since: number): number => bytes / 1000 / (performance.now() - since);

function wrong(what: string): BenchError {
  return new BenchError('BENCH_WRONG_RESULT', `Bytes were lost, repeated or changed in ${what}`);
}
