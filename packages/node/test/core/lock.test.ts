import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from '../../src/storage/lock.ts';
import { temporaryFolder } from './harness.ts';
import { mounted, smallDisk } from './small-disk.ts';

const LOCKER = fileURLToPath(new URL('./crash/locker.ts', import.meta.url));
const OTHER = 65_534;
const DEAD = JSON.stringify({ pid: 0, startedAt: '' });

const left: readonly [string, (file: string) => Promise<void>][] = [
  ['a link', (file) => symlink(DEAD, file)],
  ['a file, as older releases wrote it', (file) => writeFile(file, DEAD)],
  ['an empty file', (file) => writeFile(file, '')],
  ['a link to who-knows-what', (file) => symlink('somewhere/else', file)],
  [
    'the link of one who was about to take it over',
    async (file) => {
      await symlink(DEAD, file);
      await symlink(DEAD, `${file}.taking`);
    },
  ],
];

describe('the lock of a folder', () => {
  it('is had by one, and by the next one when it is let go', async () => {
    const folder = await temporaryFolder();
    const first = lockFolder(folder);
    expect(first.wasLeft).toBe(false);
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({
        code: 'NODE_DATABASE_IN_USE',
        message: expect.stringContaining(`Process ${process.pid} already works on ${folder}`) as string,
      }),
    );
    first.release();
    const second = lockFolder(folder);
    expect(second.wasLeft).toBe(false);
    second.leave();
    expect(lockFolder(folder).wasLeft).toBe(true);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it.each(left)('is taken over where a process left %s', async (_what, leave) => {
    const folder = await temporaryFolder();
    await leave(join(folder, 'lock'));
    const lock = lockFolder(folder);
    expect(lock.wasLeft).toBe(true);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'NODE_DATABASE_IN_USE' }));
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over where its owner has gone and another user has his number since', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('needs to be another user');
    const folder = await temporaryFolder();
    await mkdir(join(folder, '0'));
    await chmod(folder, 0o755);
    await chown(join(folder, '0'), OTHER, OTHER);
    const lockAs = async (owner: unknown) => {
      await rm(join(folder, '0', 'lock'), { force: true });
      await symlink(JSON.stringify(owner), join(folder, '0', 'lock'));
      const child = spawn(process.execPath, [LOCKER, folder, '1', '0', '0'], { uid: OTHER, gid: OTHER });
      onTestFinished(() => void child.kill('SIGKILL'));
      return JSON.parse(String((await once(child.stdout, 'data'))[0])) as string[];
    };
    expect(await lockAs({ pid: process.pid, startedAt: '7' })).toEqual(['locked']);
    const own = join(folder, 'own');
    await mkdir(own);
    lockFolder(own);
    expect(await lockAs(JSON.parse(await readlink(join(own, 'lock'))))).toEqual(['NODE_DATABASE_IN_USE']);
  });

  it('is taken over where its owner has ended, though nobody has asked yet how', async ({ skip }) => {
    if (!existsSync('/proc/self/stat')) skip('needs /proc');
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 60']);
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    const fields = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
    // A shell would ask.
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1')).toBe('sleep\n');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => fields()[2]).toBe('Z');
    const folder = await temporaryFolder();
    await symlink(JSON.stringify({ pid, startedAt: fields()[21] }), join(folder, 'lock'));
    expect(lockFolder(folder).wasLeft).toBe(true);
  });

  it('says so where there are no links', async ({ skip }) => {
    const folder = join(await temporaryFolder(), 'disk');
    await mkdir(folder);
    // The queues of messages between processes, shown as files: nothing else can be made among them.
    if (!mounted(folder, 'mqueue')) skip('needs the right to mount a file system that has none');
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({
        code: 'NODE_STORAGE',
        message: expect.stringContaining(`${folder} cannot be locked: its file system has no`) as string,
      }),
    );
  });

  it('is had on a full disk, and refused there to others', async ({ skip }) => {
    const folder = join(await temporaryFolder(), 'disk');
    await mkdir(folder);
    if (!smallDisk(folder, '64k')) skip('needs the right to mount a small disk');
    const fill = () => writeFileSync(join(folder, 'full'), new Uint8Array(2 ** 20));
    expect(fill).toThrow('ENOSPC');
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'NODE_DATABASE_IN_USE' }));
    lock.release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('that was left is had by one of several that come at the same moment', { timeout: 30_000 }, async () => {
    const [base, folders, processes] = [await temporaryFolder(), 40, 3];
    for (let index = 0; index < folders; index++) {
      await mkdir(join(base, String(index)));
      await left[index % 2]?.[1](join(base, String(index), 'lock'));
    }
    const first = Date.now() + 1_500;
    const outcomes = await Promise.all(
      Array.from({ length: processes }, async () => {
        const child = spawn(process.execPath, [LOCKER, base, `${folders}`, `${first}`, '20']);
        onTestFinished(() => void child.kill('SIGKILL'));
        const [said] = (await once(child.stdout, 'data')) as [Buffer];
        return JSON.parse(said.toString()) as string[];
      }),
    );
    for (let index = 0; index < folders; index++) {
      const found = outcomes.map((each) => each[index]).sort();
      expect(found).toEqual(['NODE_DATABASE_IN_USE', 'NODE_DATABASE_IN_USE', 'locked']);
    }
  });
});
