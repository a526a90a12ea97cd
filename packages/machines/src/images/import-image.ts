import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError } from '../errors.ts';
import { hashFile } from '../host/hash-file.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { BuildOptions } from './build-context.ts';
import { withBuildContext } from './build-context.ts';
import { partialPath } from './catalogue.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { CloudImage, ContainerImage } from './entry.ts';
import { download, corruptDownload } from './download.ts';
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

/**
 * Downloads a cloud image into the catalogue. What has another hash than was asked for is thrown away. Throws
 * `InvalidOrder` for a source that cannot be used, `ImageCorrupt` for a download that failed or is another, `InsufficientCapacity`
 * for one that has no room here.
 */
export async function importCloudImage(
  source: CloudSource,
  catalogue: ImageCatalogue,
  options: BuildOptions = {},
): Promise<CloudImage> {
  checkSource(source);
  return withBuildContext(catalogue.directory, options, async ({ work, run, progress }) => {
    const { url, sha256, ...description } = source;
    const target = join(work, 'download');
    const partial = partialPath(catalogue.directory, sha256);
    progress(`downloading ${url}`);
    await download({ url, sha256, target, partial }, options.signal);
    const output = join(work, 'output');
    await mkdir(output);
    const disk = join(output, 'disk.qcow2');
    progress('checking the disk');
    await toQcow2(run, target, disk);
    await chmod(disk, 0o644);
    await chmod(output, 0o711);
    const file = { name: 'disk.qcow2', sha256: await hashFile(disk) };
    // A raw disk comes out of another version of the converter as other bytes.
    const version = versionOf([sha256, source.loginUser, file.sha256]);
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

type DiskInfo = { format?: string; 'backing-filename'?: string; 'data-file'?: string };

// A disk from outside must not name files of the host as its backing or data.
async function toQcow2(run: CommandRunner, downloaded: string, target: string): Promise<void> {
  const info = JSON.parse(await run('qemu-img', ['info', '--output=json', downloaded])) as DiskInfo & {
    'format-specific'?: { data?: DiskInfo };
  };
  const refers = info['backing-filename'] ?? info['format-specific']?.data?.['data-file'];
  if (refers !== undefined) throw corruptDownload(downloaded, `the disk refers to another file, "${refers}"`);
  if (info.format === 'qcow2') return rename(downloaded, target);
  if (info.format !== 'raw')
    throw corruptDownload(downloaded, `it is of the format ${info.format ?? 'unknown'}`);
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', downloaded, target]);
}

function invalid(message: string): MachineError {
  return new MachineError('InvalidOrder', message);
}
