import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectWithin } from '../src/process/server/forward.ts';

it('a forwarded connection lasts beyond the time that it had to be made', async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => void echo.close());
  await once(echo, 'listening');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const limit = 10_000;
  const socket = await connectWithin('127.0.0.1', (echo.address() as AddressInfo).port, limit);
  onTestFinished(() => void socket.destroy());
  const lost: unknown[] = [];
  socket.on('close', () => lost.push('closed'));
  vi.advanceTimersByTime(3 * limit);
  await new Promise(setImmediate);
  expect(lost).toEqual([]);
  const answer = once(socket.resume(), 'data');
  socket.write('hello');
  expect(String((await answer)[0])).toBe('hello');
});
