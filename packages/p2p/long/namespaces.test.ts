import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { createNamespace } from './support/namespaces.ts';

const MODULE = fileURLToPath(new URL('./support/namespaces.ts', import.meta.url));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a namespace ends with the one who made it, also when that is killed', async () => {
  const code = `
    const { createNamespace } = await import(${JSON.stringify(MODULE)});
    console.log((await createNamespace()).pid);
    setInterval(() => undefined, 1000);`;
  const maker = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(maker.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  expect(isRunning(pid)).toBe(true);
  maker.kill('SIGKILL');
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

test('a namespace sees no interface of the host, and the host none of its own', async () => {
  const namespace = await createNamespace();
  try {
    await namespace.run('ip', 'link', 'add', 'hamster-here', 'type', 'bridge');
    await expect(namespace.run('ip', 'link', 'show', 'eth0')).rejects.toThrow();
    const outside = spawn('ip', ['link', 'show', 'hamster-here'], { stdio: 'ignore' });
    expect(await once(outside, 'exit')).toEqual([1, null]);
  } finally {
    await namespace.stop();
  }
});
