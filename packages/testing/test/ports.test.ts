import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../src/index.ts';

it('a free port is another one each time, taken by nobody, and none that the kernel would give to others', async () => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '32768');
  const [lowest = 0] = range.split(/\s/).map(Number);
  const first = await freePort();
  const taken = createServer().listen(first + 1, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const ports = [first, await freePort(), await freePort()];
  expect(new Set(ports).size).toBe(3);
  expect(ports).not.toContain(first + 1);
  expect(Math.max(...ports)).toBeLessThan(lowest);
});
