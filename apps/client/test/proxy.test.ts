import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('a proxy that is told to end does so, though its machine says nothing and its ssh neither', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hamster-proxy-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, 'daemon'));
  const daemon = createServer().listen(join(home, 'daemon', 'door'));
  onTestFinished(() => void daemon.close());
  const proxy = spawn(process.execPath, [MAIN, '--home', home, 'proxy', '7'], { stdio: 'pipe' });
  onTestFinished(() => void proxy.kill('SIGKILL'));
  const [socket] = (await once(daemon, 'connection')) as [Socket];
  await once(socket, 'data');
  socket.write('{"ok":true}\nSSH-2.0-machine\r\n');
  await once(proxy.stdout, 'data');
  proxy.kill('SIGTERM');
  expect(await once(proxy, 'close')).toEqual([130, null]);
});
