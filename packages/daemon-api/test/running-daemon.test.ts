import { writePrivateFile } from '@hamster/daemon';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
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

it('a daemon serves though its address cannot be written down, as on a full disk', async () => {
  const home = await privateHome();
  // A name that is taken by a folder takes no file.
  await mkdir(`${home}/api.url/taken`, { recursive: true });
  const { url, lifecycle } = await serve({ home });
  expect((await fetch(`${url}/health`)).ok).toBe(true);
  await lifecycle.stop();
});

it('whoever has taken the port of a daemon that crashed does not get the token', async () => {
  const { home, lifecycle } = await serve();
  await lifecycle.stop();
  const asked: (string | undefined)[] = [];
  const thief = createServer(({ headers }, response) => {
    asked.push(headers.authorization);
    response.setHeader('content-type', 'application/json').end('{"status":"up","proof":"trust me"}');
  });
  onTestFinished(() => void thief.close());
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const { port } = thief.address() as AddressInfo;
  await writePrivateFile(`${home}/api.url`, `http://127.0.0.1:${port}`);
  expect(await runningDaemon(home)).toBeUndefined();
  expect(asked).toEqual([undefined]);
});

it('whoever has taken a former port, and passes the challenge on to the daemon, does not get the token', async () => {
  const { home, url } = await serve();
  const asked: (string | undefined)[] = [];
  const thief = createServer(({ url: path, headers }, response) => {
    asked.push(headers.authorization);
    void fetch(`${url}${path}`)
      .then((answer) => answer.text())
      .then((text) => response.setHeader('content-type', 'application/json').end(text));
  });
  onTestFinished(() => void thief.close());
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const { port } = thief.address() as AddressInfo;
  expect(await runningDaemon(home)).toBeDefined();
  await writePrivateFile(`${home}/api.url`, `http://127.0.0.1:${port}`);
  expect(await runningDaemon(home)).toBeUndefined();
  expect(asked).toEqual([undefined]);
});

it('whoever has taken the port of a daemon that crashed cannot fill the memory of its commands', async () => {
  const { home, lifecycle } = await serve();
  await lifecycle.stop();
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const most = 128 * 1024 * 1024;
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  const talker = createServer((_, response) => {
    const talk = (): void => {
      do sent += chunk.length;
      while (response.write(chunk) && sent < most);
      if (sent >= most) response.end();
    };
    response.on('drain', talk).on('close', () => closed.resolve());
    talk();
  });
  onTestFinished(() => void talker.close());
  await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve));
  await writePrivateFile(`${home}/api.url`, `http://127.0.0.1:${(talker.address() as AddressInfo).port}`);
  expect(await runningDaemon(home)).toBeUndefined();
  await closed.promise;
  // What fits into buffers on the way, and no more.
  expect(sent).toBeLessThan(most / 2);
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
