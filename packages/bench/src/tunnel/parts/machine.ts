/** Stands for the rented machine: takes what is sent, sends what is asked for, or sends everything back. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { patternBlock, patternBytes, PatternCheck } from '../pattern.ts';
import { servePart } from './serve-part.ts';

const block = patternBlock();

function takeUpload(socket: Socket): void {
  const check = new PatternCheck(block);
  socket.on('data', (chunk: Buffer) => check.take(chunk));
  socket.on('end', () => socket.end(check.wrong ? 'wrong' : String(check.bytes)));
}

/** The first 5 bytes say what is wanted: U, D or E, and how many bytes. */
function onHeader(socket: Socket, header: Buffer): void {
  const what = header.toString('latin1', 0, 1);
  const rest = header.subarray(5);
  if (rest.length > 0) socket.unshift(rest);
  if (what === 'U') takeUpload(socket);
  else if (what === 'D') Readable.from(patternBytes(block, header.readUInt32BE(1))).pipe(socket);
  else socket.pipe(socket);
}

servePart(async () => {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const header = socket.read() as Buffer | null;
      if (header) onHeader(socket, header);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } };
});
