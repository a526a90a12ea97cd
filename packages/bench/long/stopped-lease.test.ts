import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
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
const running = async (): Promise<string[]> => (await virsh('list', '--uuid')).split(/\s+/).filter(Boolean);

const places = async (): Promise<string[]> =>
  (await readdir(DEFAULT_STATE_DIR)).filter((name) => name.startsWith('bench-'));

describeWith([await libvirtRequirement(), tiny], 'pnpm bench lease', () => {
  it('leaves neither machine nor file when it is told to end', { timeout: 240_000 }, async () => {
    const before = await places();
    const bench = spawn(process.execPath, [MAIN, 'lease', '--only', 'tiny', '--quick'], { stdio: 'ignore' });
    const exited = once(bench, 'exit');
    try {
      const started = await untilDomainOf(before);
      bench.kill('SIGTERM');
      expect(await exited).toEqual([1, null]);
      expect(await virsh('list', '--all', '--uuid')).not.toContain(started);
      expect(await places()).toEqual(before);
    } finally {
      bench.kill('SIGKILL');
    }
  });
});

/** The UUID of the first domain whose disk is in a folder that was not there before. */
async function untilDomainOf(before: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(180_000);
  for (;;) {
    const [place] = (await places()).filter((name) => !before.includes(name));
    for (const domain of place === undefined ? [] : await running())
      if ((await virsh('dumpxml', domain).catch(() => '')).includes(`/${place}/`)) return domain;
    await delay(100, undefined, { signal });
  }
}
