import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectLibvirt, type DomainRef } from '@hamster/libvirt';
import { DEFAULT_STATE_DIR, imageCatalogue } from '@hamster/machines';
import { describeWith, libvirtRequirement, requirement } from '@hamster/machines/testing';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const tiny = await requirement('libvirt', async () => {
  await imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue')).get('tiny');
});

const run = promisify(execFile);
const virsh = async (...args: string[]): Promise<string> =>
  (await run('virsh', ['-c', 'qemu:///system', ...args], { timeout: 30_000 })).stdout;

const places = async (): Promise<string[]> =>
  (await readdir(DEFAULT_STATE_DIR)).filter((name) => name.startsWith('bench-'));

describeWith([await libvirtRequirement(), tiny], 'pnpm bench lease', () => {
  it('leaves neither machine nor file when it is told to end', { timeout: 240_000 }, async () => {
    const before = await places();
    await using watch = await watchFor(before);
    const bench = spawn(process.execPath, [MAIN, 'lease', '--only', 'tiny', '--quick'], { stdio: 'ignore' });
    const exited = once(bench, 'exit');
    try {
      const ended = exited.then(() => Promise.reject(new Error('it ended before it made a machine')));
      const started = await Promise.race([watch.started, ended]);
      bench.kill('SIGTERM');
      expect(await exited).toEqual([1, null]);
      expect(await virsh('list', '--all', '--uuid')).not.toContain(started);
      expect(await places()).toEqual(before);
    } finally {
      bench.kill('SIGKILL');
    }
  });
});

/** Watches for the first domain that starts with its disk in a folder that was not there before; tells its UUID. */
async function watchFor(before: readonly string[]): Promise<{ started: Promise<string> } & AsyncDisposable> {
  const libvirt = await connectLibvirt();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const look = async (domain: DomainRef): Promise<void> => {
    const xml = await libvirt.domains.xml(domain).catch(() => '');
    const added = (await places()).filter((name) => !before.includes(name));
    if (added.some((name) => xml.includes(`/${name}/`))) resolve(domain.uuid);
  };
  const stop = await libvirt.onLifecycle(({ domain, event }) => {
    if (event === 'started') void look(domain).catch(reject);
  });
  return {
    started: promise,
    async [Symbol.asyncDispose]() {
      stop();
      await libvirt.close();
    },
  };
}
