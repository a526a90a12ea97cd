import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readJsonState, retry, Type, writeJsonState } from '../src/index.ts';

const Schema = Type.Object({ lease: Type.Integer() });

describe('state files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-state-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('lesson 18: are private, whole and readable again', async () => {
    const path = join(directory, 'deep', 'state.json');
    expect(await readJsonState(path, Schema)).toBeUndefined();
    await writeJsonState(path, { lease: 1 });
    await Promise.all([writeJsonState(path, { lease: 2 }), writeJsonState(path, { lease: 2 })]);
    expect(await readJsonState(path, Schema)).toEqual({ lease: 2 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'deep'))).toEqual(['state.json']);
  });

  it('are refused when damaged or of another shape', async () => {
    const path = join(directory, 'state.json');
    await writeFile(path, '{"lease":');
    await expect(readJsonState(path, Schema)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
    await writeFile(path, '{"lease":"seven"}');
    await expect(readJsonState(path, Schema)).rejects.toThrow('/lease must be integer');
  });

  it('that cannot be written are named, with what to do', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(writeJsonState(join(file, 'state.json'), {})).rejects.toMatchObject({
      code: 'EEXIST',
      message: expect.stringMatching(`^Cannot write ${file}: .*another folder`),
    });
    await mkdir(join(directory, 'taken', 'inside'), { recursive: true });
    await expect(writeJsonState(join(directory, 'taken'), {})).rejects.toThrow(
      `${join(directory, 'taken')}: `,
    );
    expect((await readdir(directory)).sort()).toEqual(['file', 'taken']);
  });
});

describe('retry', () => {
  const options = { baseMs: 1, maxMs: 2, random: () => 0 };

  it('tries again until it works', async () => {
    const onRetry = vi.fn();
    const work = vi
      .fn()
      .mockRejectedValueOnce(new Error('no'))
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue('yes');
    await expect(retry(work, { ...options, signal: new AbortController().signal, onRetry })).resolves.toBe(
      'yes',
    );
    expect(onRetry.mock.calls.map(([, wait]) => wait as number)).toEqual([1, 1]);
  });

  it('gives up after its attempts, or at once where it is no use', async () => {
    const work = vi.fn().mockRejectedValue(new Error('no'));
    const { signal } = new AbortController();
    await expect(retry(work, { ...options, signal, attempts: 3 })).rejects.toThrow('no');
    expect(work).toHaveBeenCalledTimes(3);
    await expect(retry(work, { ...options, signal, retryable: () => false })).rejects.toThrow('no');
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('stops waiting when it is told to', async () => {
    const abort = new AbortController();
    const waiting = retry(() => Promise.reject(new Error('no')), {
      signal: abort.signal,
      baseMs: 60_000,
      onRetry: () => abort.abort(new Error('enough')),
    });
    await expect(waiting).rejects.toThrow('enough');
  });
});
