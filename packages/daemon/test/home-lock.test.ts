import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHome } from '../src/index.ts';

describe('the lock of a home', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-home-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('keeps a second daemon out, by whatever name it comes, until the first has gone', async () => {
    const home = join(directory, 'home');
    const first = await lockHome(home);
    const other = join(directory, 'other-name');
    await symlink(home, other);
    await expect(lockHome(other)).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      message: expect.stringContaining('Stop that one first') as string,
    });
    const beside = await lockHome(join(directory, 'beside'));
    await beside.release();
    await first.release();
    await (await lockHome(home)).release();
  });

  it('belongs to the folder and not to its path, and says how to find who has it', async () => {
    const home = join(directory, 'data');
    const first = await lockHome(home);
    const moved = join(directory, 'moved');
    await rename(home, moved);
    const ofTheSamePath = await lockHome(home);
    await expect(lockHome(moved)).rejects.toMatchObject({
      message: expect.stringMatching(/ss -xlp \| grep hamster-home-[0-9a-f]{64}`/) as string,
    });
    await ofTheSamePath.release();
    await first.release();
  });

  it('does not belong to a folder that comes where a former one was, whose daemon lives on', async () => {
    const home = join(directory, 'home');
    const first = await lockHome(home);
    // As a new folder that got the inode of the former one.
    for (const name of await readdir(home)) await rm(join(home, name));
    const second = await lockHome(home);
    await expect(lockHome(home)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
    await second.release();
    await first.release();
  });

  it('keeps all but one out of a new folder that several come to at once', async () => {
    const came = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(join(directory, 'new'))));
    const locks = came.filter((each) => each.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    await Promise.all(locks.map((each) => each.value.release()));
  });

  it('keeps no keys where every user of the host may put others in their place', async () => {
    await chmod(directory, 0o777);
    await expect(lockHome(directory)).rejects.toMatchObject({
      code: 'HOME_EXPOSED',
      exitCode: 2,
      message: expect.stringContaining(`chmod o-w ${directory}`) as string,
    });
    await chmod(directory, 0o755);
    await (await lockHome(directory)).release();
  });

  it('does not outlive a process that is killed', async () => {
    const source = new URL('../src/home-lock.ts', import.meta.url).href;
    const script = `const { lockHome } = await import(${JSON.stringify(source)});
      await lockHome(${JSON.stringify(directory)});
      console.log('locked');
      setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(lockHome(directory)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockHome(directory)).release();
  });
});
