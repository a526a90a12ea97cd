import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError, textOf } from '../errors.ts';
import { exists, hasErrnoCode, isMissing, readJson, writeFileAtomic } from '../host/files.ts';
import { hashFile } from '../host/hash-file.ts';
import { parseEntry } from './entry.ts';
import type { CloudImage, ContainerImage, ImageEntry, ImageFile, KernelImage } from './entry.ts';

/** An image and where its files are; paths are absolute. Whether they are still what they were, only `verify` tells. */
export type LocatedImage =
  | { entry: KernelImage; kernel: string; initrd: string; disk: string | undefined }
  | { entry: CloudImage; disk: string }
  | { entry: ContainerImage; archive: string | undefined };

/** What is known so of an entry of this kind. */
export type Located<Entry extends ImageEntry> = Extract<LocatedImage, { entry: { recipe: Entry['recipe'] } }>;

export type ImageCatalogue = {
  readonly directory: string;
  list(): Promise<ImageEntry[]>;
  /** Throws `ImageUnknown`. */
  get(name: string): Promise<ImageEntry>;
  /** Where the files of an entry are, without a look at them. */
  locate<Entry extends ImageEntry>(entry: Entry): Promise<Located<Entry>>;
  /** Hashes every file again: hypervisors hand base images to other accounts. Throws `ImageCorrupt`. */
  verify<Entry extends ImageEntry>(entry: Entry, signal?: AbortSignal): Promise<Located<Entry>>;
  /** Takes over the files of `from` and makes them the current version. Machines of older versions keep theirs. */
  publish(entry: ImageEntry, from: string): Promise<void>;
  /** Removes versions that are neither current nor in `used` ("name/version"), and tells which; and old beginnings of downloads and builds. */
  collect(used: ReadonlySet<string>): Promise<string[]>;
};

const DIRECTORY_MODE = 0o711;
const PARTIAL_PREFIX = '.partial-';
/** So long the beginning of a download waits for somebody to go on with it, and no build takes. */
const WORK_LIFE_MS = 7 * 24 * 3600_000;

/** Where the beginning of a file of this hash is kept when its download broke off. */
export function partialPath(directory: string, sha256: string): string {
  return join(directory, PARTIAL_PREFIX + sha256);
}

/**
 * `<directory>/<image>/image.json` describes the current version, whose files are in `<directory>/<image>/<version>/`.
 */
export function imageCatalogue(directory: string): ImageCatalogue {
  const entryPath = (name: string): string => join(directory, name, 'image.json');
  const read = async (name: string): Promise<ImageEntry | undefined> => {
    const value = await readJson(entryPath(name));
    return value === undefined ? undefined : parseEntry(value, entryPath(name));
  };
  return {
    directory,
    list: async () => {
      const names = await readdir(directory).catch(emptyIfMissing);
      const entries = await Promise.all(names.filter(isVisible).map(read));
      return entries.filter((entry) => entry !== undefined);
    },
    get: async (name) => {
      const entry = /^[a-z0-9][a-z0-9.-]{0,63}$/.test(name) ? await read(name) : undefined;
      if (entry) return entry;
      throw new MachineError('ImageUnknown', `no image "${name.slice(0, 64)}" in ${directory}`);
    },
    locate: <Entry extends ImageEntry>(entry: Entry) =>
      filesOf(entry, ({ name }) => Promise.resolve(join(directory, entry.name, entry.version, name))),
    verify: <Entry extends ImageEntry>(entry: Entry, signal?: AbortSignal) =>
      filesOf(entry, (file) => checkFile(join(directory, entry.name, entry.version), file, signal)),
    publish: async (entry, from) => {
      const versionDir = join(directory, entry.name, entry.version);
      await mkdir(join(directory, entry.name), { recursive: true, mode: DIRECTORY_MODE });
      // The version is a hash of the content, so files that are there already are these, unless somebody changed them.
      const isThere = async (): Promise<boolean> =>
        (await exists(versionDir)) && (await isSound(entry, versionDir));
      if (!(await isThere())) await replaceDirectory(versionDir, from, isThere);
      await writeFileAtomic(entryPath(entry.name), `${JSON.stringify(entry, null, 2)}\n`, 0o644);
    },
    collect: async (used) => {
      const removed: string[] = [];
      await removeOldWork(directory);
      for (const name of (await readdir(directory).catch(emptyIfMissing)).filter(isVisible)) {
        const current = (await read(name))?.version;
        // An image without a description is being published at this moment.
        if (current === undefined) continue;
        for (const version of await versionsIn(join(directory, name))) {
          if (version === current || used.has(`${name}/${version}`)) continue;
          await rm(join(directory, name, version), { recursive: true, force: true });
          removed.push(`${name}/${version}`);
        }
      }
      return removed;
    },
  };
}

// The recipe of what goes in is that of what comes out, which the compiler cannot follow through the switch.
async function filesOf<Entry extends ImageEntry>(
  entry: Entry,
  path: (file: ImageFile) => Promise<string>,
): Promise<Located<Entry>> {
  return (await everyFile(entry, path)) as Located<Entry>;
}

async function everyFile(
  entry: ImageEntry,
  check: (file: ImageFile) => Promise<string>,
): Promise<LocatedImage> {
  switch (entry.recipe) {
    case 'kernel': {
      const [kernel, initrd] = await Promise.all([check(entry.kernel), check(entry.initrd)]);
      return { entry, kernel, initrd, disk: entry.disk && (await check(entry.disk)) };
    }
    case 'cloud':
      return { entry, disk: await check(entry.disk) };
    case 'container':
      return { entry, archive: entry.archive && (await check(entry.archive)) };
  }
}

async function checkFile(directory: string, file: ImageFile, signal?: AbortSignal): Promise<string> {
  const path = join(directory, file.name);
  const found = await hashFile(path, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw corrupt(path, textOf(error));
  });
  if (found !== file.sha256) throw corrupt(path, `its SHA-256 is ${found}, not ${file.sha256}`);
  return path;
}

function corrupt(path: string, why: string): MachineError {
  return new MachineError(
    'ImageCorrupt',
    `image file ${path} cannot be used (${why}); build the image again`,
  );
}

async function isSound(entry: ImageEntry, directory: string): Promise<boolean> {
  return everyFile(entry, (file) => checkFile(directory, file)).then(
    () => true,
    () => false,
  );
}

/** More than publish the same image at once. Each time that one fails, another one has succeeded. */
const MAX_TRIES = 64;

/**
 * Puts `from` where nothing sound is. Others may put the same there at the same time: who finds it sound is done, and nothing is
 * moved out of the way before it was looked at. Machines that run go on with the files that they have open.
 */
async function replaceDirectory(
  target: string,
  from: string,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const aside: string[] = [];
  try {
    while (!(await movedInto(target, from)) && !(await isThere())) {
      const old = `${from}.replaced-${aside.length}`;
      if (aside.push(old) > MAX_TRIES) throw contested(target);
      await rename(target, old).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
  } finally {
    await Promise.all(aside.map((old) => rm(old, { recursive: true, force: true })));
  }
}

const contested = (target: string): MachineError =>
  new MachineError(
    'ImageBuildFailed',
    `${target} is replaced by others again and again: stop them, and build the image again`,
  );

/** Whether there was nothing, so that the folder is there now. */
async function movedInto(target: string, from: string): Promise<boolean> {
  try {
    await rename(from, target);
    return true;
  } catch (error) {
    if (hasErrnoCode(error, 'ENOTEMPTY') || hasErrnoCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Beginnings of downloads, and what was left of builds that were killed. */
async function removeOldWork(directory: string): Promise<void> {
  const names = (await readdir(directory).catch(emptyIfMissing)).filter((name) => !isVisible(name));
  for (const path of names.map((name) => join(directory, name))) {
    const newest = await newestIn(path);
    if (Date.now() - newest > WORK_LIFE_MS) await rm(path, { recursive: true, force: true });
  }
}

/** When anything of it was last written, ms. One that is removed meanwhile counts as new. */
async function newestIn(path: string): Promise<number> {
  const inside = await readdir(path, { recursive: true }).catch(() => []);
  const found = [path, ...inside.map((name) => join(path, name))].map((each) =>
    lstat(each).then(({ mtimeMs }) => mtimeMs, Date.now),
  );
  return (await Promise.all(found)).reduce((newest, each) => Math.max(newest, each), 0);
}

/** Folders of unfinished work begin with a dot. */
function isVisible(name: string): boolean {
  return !name.startsWith('.');
}

async function versionsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function emptyIfMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}
