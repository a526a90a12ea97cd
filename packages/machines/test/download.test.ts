import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imageCatalogue } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { partialPath } from '../src/images/catalogue.ts';
import { download } from '../src/images/download.ts';

const CONTENT = randomBytes(300_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

/** How a server deals with one request: how many bytes it sends before it hangs up, and whether it knows ranges. */
type Behaviour = {
  bytes?: number;
  ranges?: boolean;
  status?: number;
  headers?: http.OutgoingHttpHeaders;
  body?: Buffer;
};

describe('a download', () => {
  let behaviours: Behaviour[];
  let asked: (string | undefined)[];
  let encodings: (string | string[] | undefined)[];
  const server = http.createServer((request, response) => {
    const { bytes = CONTENT.length, ranges = true, status, headers, body } = behaviours.shift() ?? {};
    encodings.push(request.headers['accept-encoding']);
    asked.push(request.headers.range);
    const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    if (status !== undefined) return void response.writeHead(status, headers).end();
    if (body !== undefined) return void response.writeHead(200, headers).end(body);
    const range = { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? range : {});
    const part = CONTENT.subarray(from, from + bytes);
    if (from + part.length === CONTENT.length) return void response.end(part);
    response.write(part);
    // What a client has not written yet is lost with its connection.
    void written(from + part.length).finally(() => response.destroy());
  });
  let directory: string;
  let source: Parameters<typeof download>[0];

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  beforeEach(async () => {
    behaviours = [];
    asked = [];
    encodings = [];
    directory = await mkdtemp(join(os.tmpdir(), 'hamster-download-'));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk`;
    const partial = partialPath(directory, SHA256);
    source = { url, sha256: SHA256, target: join(directory, 'target'), partial };
  });
  afterEach(() => rm(directory, { recursive: true }));
  afterAll(() => server.close());

  const written = (size: number): Promise<true> =>
    pollUntil(
      async () => {
        const now = await stat(source.target).catch(() => undefined);
        return size === 0 || (now?.size ?? 0) >= size ? true : undefined;
      },
      { signal: AbortSignal.timeout(30_000), intervalMs: 5 },
    );
  const arrived = async (): Promise<boolean> => (await readFile(source.target)).equals(CONTENT);

  it('goes on where the connection broke, as often as it breaks', async () => {
    behaviours = [{ bytes: 100_000 }, { bytes: 100_000 }];
    await download(source);
    expect(await arrived()).toBe(true);
    expect(asked[0]).toBeUndefined();
    expect(asked.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
    expect(await readdir(directory)).toEqual(['target']);
  });

  it('goes on in another call, after one that failed', async () => {
    await writeFile(source.partial, CONTENT.subarray(0, 120_000));
    behaviours = [{ status: 503 }];
    await expect(download(source)).rejects.toMatchObject({ code: 'ImageCorrupt' });
    await download(source);
    expect(asked).toEqual(['bytes=120000-', 'bytes=120000-']);
    expect(await arrived()).toBe(true);
  });

  it('begins anew where the server knows no ranges', async () => {
    await writeFile(source.partial, randomBytes(50_000));
    behaviours = [{ ranges: false }];
    await download(source);
    expect(await arrived()).toBe(true);
  });

  it('throws away what has another hash, the part that was kept included', async () => {
    await writeFile(source.partial, randomBytes(50_000));
    await expect(download(source)).rejects.toThrow(/its SHA-256 is/);
    expect(await readdir(directory)).toEqual([]);
    await download(source);
    expect(await arrived()).toBe(true);
  });

  it('is not asked for again when all of it had come', async () => {
    await writeFile(source.partial, CONTENT);
    behaviours = [{ status: 416 }];
    await download(source);
    expect(await arrived()).toBe(true);
  });

  it('ends when a connection brings nothing', async () => {
    behaviours = [{ bytes: 100_000 }, { bytes: 0 }];
    await expect(download(source)).rejects.toThrow(/what came is kept/);
    expect(asked).toHaveLength(2);
    expect(await readdir(directory)).toEqual([`.partial-${SHA256}`]);
  });

  it('is asked for as it is, not packed', async () => {
    behaviours = [{ bytes: 100_000 }];
    await download(source);
    expect(new Set(encodings)).toEqual(new Set(['identity']));
  });

  it('follows a redirect, and none out of the web', async () => {
    behaviours = [{ status: 302, headers: { location: '/elsewhere' } }];
    await download(source);
    expect(await arrived()).toBe(true);
    await rm(source.target);
    behaviours = [{ status: 302, headers: { location: 'file:///etc/passwd' } }];
    await expect(download(source)).rejects.toMatchObject({ code: 'ImageCorrupt' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('that is shorter or longer than it should be is thrown away', async () => {
    behaviours = [{ body: CONTENT, headers: { 'content-length': `${CONTENT.length - 1}` } }];
    await expect(download(source)).rejects.toThrow(/its SHA-256 is/);
    expect(await readdir(directory)).toEqual([]);
    behaviours = [{ body: Buffer.concat([CONTENT, CONTENT]) }];
    await expect(download(source)).rejects.toThrow(/its SHA-256 is/);
    expect(await readdir(directory)).toEqual([]);
  });

  it('that is too large is not kept, whether its length was told or not', async () => {
    const limited = { ...source, maxBytes: CONTENT.length - 1 };
    await expect(download(limited)).rejects.toMatchObject({ code: 'InsufficientCapacity' });
    behaviours = [{ body: CONTENT, headers: { 'content-length': `${CONTENT.length}` } }];
    await expect(download(limited)).rejects.toThrow(/larger than/);
    expect(await readdir(directory)).toEqual([]);
  });

  it('that the disk has no room for is not begun, and one that fills it is not kept', async () => {
    const headers = { 'content-length': `${15 * 1024 ** 3}` };
    const small = { ...source, freeBytes: () => Promise.resolve(10 * 1024 ** 3) };
    behaviours = [{ body: CONTENT, headers }];
    await expect(download(small)).rejects.toMatchObject({
      code: 'InsufficientCapacity',
      message: expect.stringMatching(/takes 15360 MiB.*10240 MiB are free/),
    });
    await symlink('/dev/full', source.target);
    await expect(download(source)).rejects.toMatchObject({ code: 'InsufficientCapacity' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('that nobody goes on with is thrown away after a week', async () => {
    const catalogue = imageCatalogue(directory);
    await writeFile(source.partial, 'x');
    await catalogue.collect(new Set());
    expect(await readdir(directory)).toHaveLength(1);
    const longAgo = new Date(Date.now() - 8 * 24 * 3600_000);
    await utimes(source.partial, longAgo, longAgo);
    await catalogue.collect(new Set());
    expect(await readdir(directory)).toEqual([]);
  });
});
