import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { chmod, cp, mkdir, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NodeError } from '../../src/index.ts';
import { counterOf, manualNode, openManual, SPEC, temporaryFolder } from './harness.ts';
import { FREE_PAGES, rootPageOf } from './pages.ts';
import { mounted, smallDisk } from './small-disk.ts';
import { TestAccount } from './test-runtime.ts';

const PAGE = 4096;
const damaged = { code: 'NODE_DATABASE_DAMAGED' };

/** The folder of a chain of some blocks, whose node ended by itself. */
async function closedChain(blocks = 20): Promise<{ basePath: string; folder: string; file: string }> {
  const basePath = await temporaryFolder();
  const node = await manualNode({ basePath });
  for (let i = 0; i < blocks; i++) await node.backend.manualSeal.newBlock();
  await node.backend.offchain.set(Uint8Array.of(1), Uint8Array.of(2));
  await node.close();
  const folder = join(basePath, 'chains', SPEC.id, 'db');
  return { basePath, folder, file: join(folder, 'data.mdb') };
}

/** The folder and the two in which it lies. */
const above = (folder: string): string[] => [folder, join(folder, '..'), join(folder, '../..')];

async function overwrite(file: string, position: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
}

/** What a process leaves that was killed: its id, which is nobody's now. */
const leaveLock = (folder: string): Promise<void> =>
  writeFile(join(folder, 'lock'), JSON.stringify({ pid: 0, startedAt: '' }));

describe('a damaged database', { timeout: 60_000 }, () => {
  it.each([PAGE, 2 * PAGE, 4 * PAGE])('that was cut to %i bytes is told of in a sentence', async (size) => {
    const { basePath, folder, file } = await closedChain();
    await truncate(file, size);
    const error = (await manualNode({ basePath }).catch((thrown: unknown) => thrown)) as NodeError;
    expect(error).toMatchObject(damaged);
    expect(error.message).toContain(folder);
    expect(error.message).toContain('purge-chain');
  });

  it.each(['emptied', 'removed'])('whose file was %s begins anew, and says so', async (how) => {
    const { basePath, file } = await closedChain();
    await (how === 'emptied' ? truncate(file) : rm(file));
    const node = await manualNode({ basePath });
    expect(node.backend.best().number).toBe(0);
    expect(JSON.stringify(node.lines)).toContain('Nothing is left of the database that was here');
  });

  it('that begins with something else is told of in a sentence', async () => {
    const { basePath, file } = await closedChain();
    await overwrite(file, 0, new Uint8Array(PAGE).fill(0xa5));
    await expect(manualNode({ basePath })).rejects.toMatchObject(damaged);
  });

  it('starts from the transaction before when the last one’s meta page was torn', async () => {
    const { basePath, file } = await closedChain();
    await overwrite(file, PAGE, new Uint8Array(PAGE));
    const node = await manualNode({ basePath });
    expect(node.backend.best().number).toBeGreaterThanOrEqual(19);
    await node.backend.manualSeal.newBlock();
  });

  it('with torn pages is found out behind a node that was killed, by every start, without taking it down', async () => {
    const { basePath, folder, file } = await closedChain();
    await leaveLock(folder);
    await overwrite(file, 8 * PAGE, new Uint8Array(20 * PAGE).fill(0x5a));
    for (let start = 0; start < 2; start++) {
      await expect(manualNode({ basePath })).rejects.toMatchObject(damaged);
    }
  });

  it.each(['offchain', 'state-pruning', FREE_PAGES])(
    'with one torn page of %s is found out behind a node that was killed, before anything reads it',
    async (table) => {
      const { basePath, folder, file } = await closedChain();
      await leaveLock(folder);
      await overwrite(file, (await rootPageOf(file, table)) * PAGE, new Uint8Array(PAGE).fill(0x5a));
      await expect(manualNode({ basePath })).rejects.toMatchObject(damaged);
    },
  );

  it('with torn pages behind a node that ended by itself is told of where it is met', async () => {
    const { basePath, file } = await closedChain();
    const { size } = await stat(file);
    await overwrite(file, 2 * PAGE, new Uint8Array(size - 2 * PAGE));
    await expect(manualNode({ basePath })).rejects.toMatchObject(damaged);
  });

  it('is checked when the start before was stopped in the middle of that', async () => {
    const { basePath, folder, file } = await closedChain();
    await leaveLock(folder);
    await overwrite(file, 8 * PAGE, new Uint8Array(20 * PAGE).fill(0x5a));
    const reason = new RangeError('to stop');
    await expect(manualNode({ basePath, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(manualNode({ basePath })).rejects.toMatchObject(damaged);
  });

  it.each([['data.mdb'], ['lock.mdb'], ['data.mdb', 'lock.mdb'], ['lock', 'lock.mdb']])(
    'is whole or begins anew when a removal that was killed has taken %s and %s',
    async (...gone) => {
      const { basePath, folder } = await closedChain(3);
      await leaveLock(folder);
      for (const file of gone) await rm(join(folder, file));
      const { backend } = await manualNode({ basePath });
      const left = gone.includes('data.mdb') ? 0 : 3;
      expect(backend.best().number).toBe(left);
      expect((await backend.manualSeal.newBlock()).number).toBe(left + 1);
    },
  );

  it('is not suspected when a node was only killed', async () => {
    const { basePath, folder } = await closedChain(300);
    await leaveLock(folder);
    const node = await manualNode({ basePath });
    expect(node.backend.best().number).toBe(300);
  });
});

describe.skipIf(!process.seteuid)('a database of another user', () => {
  it.each(['data.mdb', 'lock.mdb'])('whose %s cannot be written is told of, and not read', async (name) => {
    const { basePath, folder } = await closedChain();
    const nobody = process.geteuid?.() === 0 ? 65_534 : undefined;
    for (const each of ['data.mdb', 'lock.mdb']) {
      await chmod(join(folder, each), each === name ? 0o444 : 0o666);
    }
    if (nobody !== undefined) for (const each of [...above(folder), basePath]) await chmod(each, 0o777);
    if (nobody !== undefined) process.seteuid?.(nobody);
    try {
      await expect(manualNode({ basePath })).rejects.toMatchObject({
        code: 'EACCES',
        path: join(folder, name),
      });
    } finally {
      if (nobody !== undefined) process.seteuid?.(0);
    }
    await chmod(join(folder, name), 0o644);
    expect((await manualNode({ basePath })).backend.best().number).toBe(20);
  });
});

describe('a full disk', { timeout: 60_000 }, () => {
  it('onto which a chain was copied is told of in a sentence, and called no damage', async ({ skip }) => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    if (!smallDisk(disk, '1m')) skip('needs the right to mount a small disk');
    const { basePath } = await closedChain();
    await cp(basePath, disk, { recursive: true });
    await rm(join(disk, 'chains', SPEC.id, 'db', 'lock.mdb'));
    const fill = () => writeFileSync(join(disk, 'full'), new Uint8Array(2 ** 20));
    expect(fill).toThrow('ENOSPC');
    // As often as it is started: a first start that ends without a word leaves something to the second one.
    for (let start = 0; start < 2; start++) {
      await expect(manualNode({ basePath: disk })).rejects.toMatchObject({
        code: 'NODE_STORAGE',
        message: expect.stringMatching(/no room left.*Nothing of it is lost/) as string,
      });
    }
    await rm(join(disk, 'full'));
    const node = await manualNode({ basePath: disk });
    expect(node.backend.best().number).toBe(20);
  });

  it('is not what a file system is taken for that does not tell its size', async ({ skip }) => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    if (!mounted(disk, 'ramfs')) skip('needs the right to mount a disk');
    const node = await openManual({ basePath: disk });
    await node.backend.manualSeal.newBlock();
    await node.close();
  });

  it('stops the node with a sentence, and costs nothing that was announced', async ({ skip }) => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    if (!smallDisk(disk, '700k')) skip('needs the right to mount a small disk');
    const failures: NodeError[] = [];
    const first = await manualNode({ basePath: disk, onFailure: (error) => failures.push(error) });
    const alice = new TestAccount();
    let announced = first.backend.best();
    let failed: unknown;
    for (let nonce = 0; nonce < 2000 && failed === undefined; nonce++) {
      await first.backend.submit(alice.extrinsic({ nonce }));
      await first.backend.manualSeal.newBlock().then(
        (head) => (announced = head),
        (error: unknown) => (failed = error),
      );
    }
    expect(failed).toMatchObject({ code: 'NODE_STORAGE' });
    expect(failures).toEqual([failed]);
    await expect(first.backend.manualSeal.newBlock()).rejects.toBe(failed);
    await first.close();
    execFileSync('mount', ['-o', 'remount,size=8m', disk]);
    const second = await manualNode({ basePath: disk });
    expect(second.backend.best()).toEqual(announced);
    expect(counterOf(second.backend, alice.id)).toBe(BigInt(announced.number));
    await second.backend.manualSeal.newBlock();
    await second.close();
  });
});
