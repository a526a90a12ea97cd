import { writePrivateFile } from '@hamster/daemon';
import { expect, it } from 'vitest';
import { LogTail, runningDaemon } from '../src/index.ts';
import { privateHome, serve } from './support.ts';

it("a daemon's own commands find its API, and are told what it refuses", async () => {
  const { home, url, lifecycle } = await serve();
  const daemon = await runningDaemon(home);
  expect(daemon?.url).toBe(url);
  expect(await daemon?.ask('POST', '/echo/a', { body: { count: 2 } })).toEqual({ count: 2 });
  await expect(daemon?.ask('GET', '/nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  await lifecycle.stop();
  expect(await runningDaemon(home)).toBeUndefined();
});

it('a daemon that was killed is not running, though its address is still there', async () => {
  const { home, url, lifecycle } = await serve();
  await lifecycle.stop();
  await writePrivateFile(`${home}/api.url`, url);
  expect(await runningDaemon(home)).toBeUndefined();
  expect(await runningDaemon(await privateHome())).toBeUndefined();
});

it('the tail of a log keeps the last lines, and of a huge one only its message', () => {
  const tail = new LogTail(2);
  for (const n of [1, 2, 3])
    tail.push(JSON.stringify({ level: 40, time: n, name: 'app', lease: n, msg: `line ${n}` }));
  expect(tail.last(10)).toEqual([
    { at: 2, level: 'warn', message: 'line 2', fields: { lease: 2 } },
    { at: 3, level: 'warn', message: 'line 3', fields: { lease: 3 } },
  ]);
  tail.push(JSON.stringify({ level: 50, time: 4, err: { stack: 'x'.repeat(5_000) }, msg: 'bug' }));
  expect(tail.last(1)).toEqual([{ at: 4, level: 'error', message: 'bug', fields: {} }]);
  expect(tail.last(0)).toEqual([]);
});
