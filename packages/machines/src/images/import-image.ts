import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { MachineError, textOf } from '../errors.ts';
import { hashFile } from '../host/hash-file.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { BuildOptions } from './build-context.ts';
import { withBuildContext } from './build-context.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { CloudImage, ContainerImage } from './entry.ts';
import { isDigestReference } from './entry.ts';
import { versionOf } from './publish.ts';

type Common = { name: string; loginUser: string; minMemoryMib: number; minDiskGib: number };

/** A disk with cloud-init, qcow2 or raw, as distributions publish them beside its SHA-256 (in hex). */
export type CloudSource = Common & { url: string; sha256: string };

/** An image of a registry, by digest, that brings an SSH server which reads /hamster/authorized_keys. */
export type RegistrySource = Common & {
  reference: string;
  command: readonly string[];
  readOnlyRoot: boolean;
};

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MAX_BYTES = 16 * 1024 ** 3;
const DOWNLOAD_LIMIT_MS = 60 * 60_000;

/**
 * Downloads a cloud image into the catalogue. What has another hash than was asked for is thrown away. Throws
 * `InvalidOrder` for a source that cannot be used, `ImageCorrupt` for a download that failed or is another.
 */
export async function importCloudImage(
  source: CloudSource,
  catalogue: ImageCatalogue,
  options: BuildOptions = {},
): Promise<CloudImage> {
  checkSource(source);
  return withBuildContext(catalogue.directory, options, async ({ work, run, progress }) => {
    const download = join(work, 'download');
    progress(`downloading ${source.url}`);
    await fetchFile(source, download, options.signal);
    const output = join(work, 'output');
    await mkdir(output);
    const disk = join(output, 'disk.qcow2');
    progress('checking the disk');
    await toQcow2(run, download, disk);
    await chmod(disk, 0o644);
    await chmod(output, 0o711);
    const { url, sha256, ...description } = source;
    const file = { name: 'disk.qcow2', sha256: await hashFile(disk) };
    const version = versionOf([sha256, source.loginUser]);
    const entry: CloudImage = { ...description, version, recipe: 'cloud', disk: file, source: url };
    await catalogue.publish(entry, output);
    return entry;
  });
}

/** Puts a registry's image into the catalogue; Docker fetches it when a machine first needs it. Throws `InvalidOrder`. */
export async function importRegistryImage(
  source: RegistrySource,
  catalogue: ImageCatalogue,
): Promise<ContainerImage> {
  if (!NAME.test(source.name)) throw invalid(`"${source.name}" is no name for an image`);
  if (!isDigestReference(source.reference)) {
    throw invalid(`"${source.reference}" does not name an image by digest (name@sha256:…)`);
  }
  return withBuildContext(catalogue.directory, {}, async ({ work }) => {
    const output = join(work, 'output');
    await mkdir(output);
    const version = versionOf([source.reference, ...source.command]);
    const entry: ContainerImage = { ...source, version, recipe: 'container' };
    await catalogue.publish(entry, output);
    return entry;
  });
}

function checkSource({ name, url, sha256 }: CloudSource): void {
  if (!NAME.test(name)) throw invalid(`"${name}" is no name for an image`);
  if (!SHA256.test(sha256)) throw invalid(`"${sha256}" is no SHA-256 in hex`);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalid(`"${url}" is no web address`);
}

async function fetchFile({ url, sha256 }: CloudSource, target: string, signal?: AbortSignal): Promise<void> {
  const limits = [AbortSignal.timeout(DOWNLOAD_LIMIT_MS), ...(signal ? [signal] : [])];
  const limit = AbortSignal.any(limits);
  const hash = createHash('sha256');
  try {
    const response = await fetch(url, { signal: limit });
    if (!response.ok || response.body === null) throw corrupt(url, `the server answered ${response.status}`);
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    await pipeline(body, measured(hash, url), createWriteStream(target), { signal: limit });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MachineError) throw error;
    throw corrupt(url, textOf(error));
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw corrupt(url, `its SHA-256 is ${found}, not ${sha256}`);
}

function measured(hash: ReturnType<typeof createHash>, url: string): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > MAX_BYTES) return done(corrupt(url, `it is larger than ${MAX_BYTES} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

type DiskInfo = { format?: string; 'backing-filename'?: string; 'data-file'?: string };

// A disk from outside must not name files of the host as its backing or data.
async function toQcow2(run: CommandRunner, download: string, target: string): Promise<void> {
  const info = JSON.parse(await run('qemu-img', ['info', '--output=json', download])) as DiskInfo & {
    'format-specific'?: { data?: DiskInfo };
  };
  const refers = info['backing-filename'] ?? info['format-specific']?.data?.['data-file'];
  if (refers !== undefined) throw corrupt(download, `the disk refers to another file, "${refers}"`);
  if (info.format === 'qcow2') return rename(download, target);
  if (info.format !== 'raw') throw corrupt(download, `it is of the format ${info.format ?? 'unknown'}`);
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', download, target]);
}

function corrupt(what: string, why: string): MachineError {
  return new MachineError('ImageCorrupt', `${what} cannot be used: ${why}`);
}

function invalid(message: string): MachineError {
  return new MachineError('InvalidOrder', message);
}
