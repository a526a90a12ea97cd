import { appendFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildableImages, buildImage, imageCatalogue } from '../src/index.ts';
import { findAptSources } from '../src/images/apt-sources.ts';
import { publishImage } from '../src/images/publish.ts';

const directory = await mkdtemp(join(os.tmpdir(), 'hamster-images-'));
const catalogue = imageCatalogue(join(directory, 'catalogue'));
const description = {
  name: 'sample',
  commandLine: 'quiet',
  loginUser: 'root',
  minMemoryMib: 64,
  minDiskGib: 1,
};

afterAll(() => rm(directory, { recursive: true }));

async function publish(initrd: string): ReturnType<typeof publishImage> {
  await mkdir(catalogue.directory, { recursive: true });
  const output = await mkdtemp(join(catalogue.directory, '.out-'));
  await writeFile(join(output, 'vmlinuz'), 'kernel');
  await writeFile(join(output, 'initrd'), initrd);
  return publishImage(catalogue, description, output);
}

describe('the catalogue', () => {
  it('is empty before anything is built', async () => {
    expect(await catalogue.list()).toEqual([]);
    await expect(catalogue.get('sample')).rejects.toMatchObject({ code: 'ImageUnknown' });
    await expect(catalogue.get('../../etc')).rejects.toMatchObject({ code: 'ImageUnknown' });
  });

  it('lists what was published, and the newest version only', async () => {
    const first = await publish('one');
    const second = await publish('two');
    expect(second.version).not.toBe(first.version);
    expect(await catalogue.list()).toEqual([second]);
    expect(await catalogue.verify(first)).toMatchObject({ entry: first });
  });

  it('names a version by its content', async () => {
    expect((await publish('two')).version).toBe((await publish('two')).version);
  });

  it('notices a file that changed', async () => {
    const entry = await publish('three');
    const { initrd } = await catalogue.verify(entry);
    await appendFile(initrd, 'x');
    await expect(catalogue.verify(entry)).rejects.toMatchObject({ code: 'ImageCorrupt' });
    await rm(initrd);
    await expect(catalogue.verify(entry)).rejects.toMatchObject({ code: 'ImageCorrupt' });
  });

  it('mends a file that changed by publishing the same again, as its error says', async () => {
    const entry = await publish('mended');
    const { initrd } = await catalogue.verify(entry);
    await appendFile(initrd, 'x');
    await expect(catalogue.verify(entry)).rejects.toThrow(/build the image again/);
    expect((await publish('mended')).version).toBe(entry.version);
    await catalogue.verify(entry);
  });

  it('takes the same image from several at once', async () => {
    for (const time of Array.from({ length: 10 }, (_, index) => index)) {
      const all = await Promise.all(Array.from({ length: 8 }, () => publish(`together ${time}`)));
      expect(new Set(all.map(({ version }) => version)).size).toBe(1);
      await catalogue.verify(await catalogue.get('sample'));
    }
  });

  it('collects what killed builds left, after a week, and nothing that is used', async () => {
    const old = await publish('old');
    const current = await publish('new');
    const left = join(catalogue.directory, '.build-killed');
    await mkdir(left);
    await writeFile(join(left, 'download'), 'x');
    await catalogue.collect(new Set([`sample/${old.version}`]));
    await Promise.all([old, current].map((entry) => catalogue.verify(entry)));
    expect(await readdir(catalogue.directory)).toContain('.build-killed');
    const longAgo = new Date(Date.now() - 8 * 24 * 3600_000);
    await utimes(join(left, 'download'), longAgo, longAgo);
    await utimes(left, longAgo, longAgo);
    expect(await catalogue.collect(new Set())).toContain(`sample/${old.version}`);
    expect(await readdir(catalogue.directory)).not.toContain('.build-killed');
    await catalogue.verify(current);
  });

  it('refuses a description that points out of its folder', async () => {
    const entry = await publish('four');
    const bad = { ...entry, kernel: { ...entry.kernel, name: '../../passwd' } };
    await writeFile(join(catalogue.directory, 'sample', 'image.json'), JSON.stringify(bad));
    await expect(catalogue.get('sample')).rejects.toMatchObject({ code: 'StateCorrupt' });
  });
});

describe('buildImage', () => {
  it('knows its recipes', async () => {
    expect(buildableImages()).toEqual(['tiny', 'debian-12', 'container-tiny']);
    await expect(buildImage('windows', catalogue)).rejects.toMatchObject({ code: 'ImageUnknown' });
  });
});

describe('findAptSources', () => {
  it('finds the suite in both formats and is not fooled by names that contain it', async () => {
    const apt = join(directory, 'apt');
    await mkdir(join(apt, 'sources.list.d'), { recursive: true });
    await writeFile(join(apt, 'sources.list'), 'deb [arch=amd64] http://mirror.test/debian bookworm main\n');
    await writeFile(join(apt, 'sources.list.d/a.sources'), 'Types: deb\nSuites: bookworm bookworm-updates\n');
    await writeFile(join(apt, 'sources.list.d/b.list'), 'deb http://tools.test/apt tools-bookworm main\n');
    expect(await findAptSources('bookworm', apt)).toEqual([
      join(apt, 'sources.list'),
      join(apt, 'sources.list.d/a.sources'),
    ]);
    await expect(findAptSources('trixie', apt)).rejects.toMatchObject({ code: 'ImageBuildFailed' });
  });
});
