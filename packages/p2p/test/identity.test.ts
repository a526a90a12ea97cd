import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadOrCreateIdentity } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';

const keep = cleanup();

async function keyPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-p2p-'));
  keep({ close: () => rm(folder, { recursive: true }) });
  return join(folder, 'home', 'peer.key');
}

describe('an identity', () => {
  test('lesson 19: is made once and kept where only its owner can read it', async () => {
    const path = await keyPath();
    const first = await loadOrCreateIdentity(path);
    expect(first.peerId).toMatch(/^12D3KooW/);
    expect((await loadOrCreateIdentity(path)).peerId).toBe(first.peerId);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  test('is one, also when two processes start at once', async () => {
    const path = await keyPath();
    const identities = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateIdentity(path)));
    expect(new Set(identities.map(({ peerId }) => peerId)).size).toBe(1);
  });

  test('is only read where it is as it should be, as on a file system that cannot be written', async () => {
    const path = await keyPath();
    await loadOrCreateIdentity(path);
    const { ctimeNs } = await stat(path, { bigint: true });
    await loadOrCreateIdentity(path);
    expect((await stat(path, { bigint: true })).ctimeNs).toBe(ctimeNs);
    await chmod(path, 0o644);
    await loadOrCreateIdentity(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be kept says where', async () => {
    const path = await keyPath();
    await writeFile(dirname(path), 'no folder');
    await expect(loadOrCreateIdentity(path)).rejects.toMatchObject({
      code: 'IDENTITY_UNREADABLE',
      message: expect.stringContaining(path),
    });
  });

  test('is never replaced silently', async () => {
    const path = await keyPath();
    await loadOrCreateIdentity(path);
    await writeFile(path, 'not a key');
    await expect(loadOrCreateIdentity(path)).rejects.toMatchObject({
      code: 'IDENTITY_UNREADABLE',
      blame: 'user',
    });
  });

  test('takes the rights to a file from nobody that holds something else, nor reads one without end', async () => {
    const path = await keyPath();
    await mkdir(dirname(path));
    await writeFile(path, 'not a key', { mode: 0o755 });
    for (const each of [path, '/dev/zero']) {
      await expect(loadOrCreateIdentity(each)).rejects.toMatchObject({
        code: 'IDENTITY_UNREADABLE',
        message: expect.stringContaining(`${each} does not hold an Ed25519 peer identity`),
      });
    }
    expect((await stat(path)).mode & 0o777).toBe(0o755);
  });
});
