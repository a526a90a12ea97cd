import { createHash } from 'node:crypto';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../host/hash-file.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { ImageEntry, ImageFile } from './entry.ts';

/** What a recipe knows of its image before the files are hashed. */
export type ImageDescription = Omit<ImageEntry, 'version' | 'recipe' | 'kernel' | 'initrd' | 'disk'>;

/** Hashes the files of `output` ("vmlinuz", "initrd" and perhaps "disk.qcow2") and publishes them. */
export async function publishImage(
  catalogue: ImageCatalogue,
  description: ImageDescription,
  output: string,
): Promise<ImageEntry> {
  const kernel = await hashed(output, 'vmlinuz');
  const initrd = await hashed(output, 'initrd');
  const hasDisk = (await readdir(output)).includes('disk.qcow2');
  const disk = hasDisk ? await hashed(output, 'disk.qcow2') : undefined;
  const hashes = [kernel, initrd, ...(disk ? [disk] : [])].map(({ sha256 }) => sha256);
  const version = createHash('sha256')
    .update([description.commandLine, ...hashes].join('\n'))
    .digest('hex');
  // The hypervisor runs under an account of its own.
  await chmod(output, 0o711);
  const entry: ImageEntry = {
    ...description,
    version: version.slice(0, 16),
    recipe: 'kernel',
    kernel,
    initrd,
    ...(disk && { disk }),
  };
  await catalogue.publish(entry, output);
  return entry;
}

async function hashed(directory: string, name: string): Promise<ImageFile> {
  const path = join(directory, name);
  await chmod(path, 0o644);
  return { name, sha256: await hashFile(path) };
}
