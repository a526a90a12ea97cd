import { Writable } from 'node:stream';
import type { MultiaddrConnection } from '@libp2p/interface';
import { multiaddrConnectionPair } from '@libp2p/utils';
import { expect, test } from 'vitest';
import { writeWhole } from '../src/host/whole-writes.ts';

/** A connection that writes a message piece by piece, as the library's TCP does, and the socket's system calls. */
function piecewise() {
  const calls: string[] = [];
  const socket = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      calls.push(chunk.toString());
      done();
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }: { chunk: Buffer }) => chunk.toString()).join(''));
      done();
    },
  });
  const sendData = (pieces: string[]) => pieces.map((piece) => socket.write(piece));
  return { calls, connection: { socket, sendData } };
}

test('what is sent within one turn is handed over at once, in order', async () => {
  const { calls, connection } = piecewise();
  writeWhole(connection as unknown as MultiaddrConnection);
  connection.sendData(['a', 'b', 'c']);
  connection.sendData(['d']);
  expect(calls).toEqual([]);
  await new Promise(setImmediate);
  connection.sendData(['e', 'f']);
  await new Promise(setImmediate);
  expect(calls).toEqual(['abcd', 'ef']);
});

test('a connection that is no TCP socket stays as it is', () => {
  const [near] = multiaddrConnectionPair();
  const before = near.send;
  writeWhole(near);
  expect(near.send).toBe(before);
});
