import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { connectWithin } from '../src/process/server/forward.ts';

it('a forwarded connection lasts beyond the time that it had to be made', async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => void echo.close());
  await once(echo, 'listening');
  const limit = 50;
  const socket = await connectWithin('127.0.0.1', (echo.address() as AddressInfo).port, limit);
  onTestFinished(() => void socket.destroy());
  const lost: unknown[] = [];
  socket.on('close', () => lost.push('closed'));
  await new Promise((resolve) => setTimeout(resolve, 3 * limit));
  expect(lost).toEqual([]);
  const answer = once(socket.resume(), 'data');
  socket.write('hello');
  expect(String((await answer)[0])).toBe('hello');
});
