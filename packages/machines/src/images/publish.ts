import { createHash } from 'node:crypto';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../host/hash-file.ts';
import type { ImageCatalogue } from './catalogue.ts';
import { recipeDigest } from './recipe-digest.ts';
import type { ContainerImage, ImageFile, KernelImage } from './entry.ts';

/** What a recipe knows of its image before the files are hashed. */
export type ImageDescription = Omit<
  KernelImage,
  'version' | 'recipe' | 'recipeDigest' | 'kernel' | 'initrd' | 'disk'
>;
export type ContainerDescription = Pick<
  ContainerImage,
  'name' | 'loginUser' | 'minMemoryMib' | 'minDiskGib' | 'command' | 'readOnlyRoot'
>;

/** Hashes the files of `output` ("vmlinuz", "initrd" and perhaps "disk.qcow2") and publishes them. */
export async function publishImage(
  catalogue: ImageCatalogue,
  description: ImageDescription,
  output: string,
): Promise<KernelImage> {
  const kernel = await hashed(output, 'vmlinuz');
  const initrd = await hashed(output, 'initrd');
  const hasDisk = (await readdir(output)).includes('disk.qcow2');
  const disk = hasDisk ? await hashed(output, 'disk.qcow2') : undefined;
  const hashes = [kernel, initrd, ...(disk ? [disk] : [])].map(({ sha256 }) => sha256);
  // The hypervisor runs under an account of its own.
  await chmod(output, 0o711);
  const entry: KernelImage = {
    ...description,
    version: versionOf([description.commandLine, ...hashes]),
    recipe: 'kernel',
    recipeDigest: await recipeDigest(),
    kernel,
    initrd,
    ...(disk && { disk }),
  };
  await catalogue.publish(entry, output);
  return entry;
}

/** Publishes the "rootfs.tar" of `output` as what containers start from. */
export async function publishContainer(
  catalogue: ImageCatalogue,
  description: ContainerDescription,
  output: string,
): Promise<ContainerImage> {
  const archive = await hashed(output, 'rootfs.tar');
  const version = versionOf([...description.command, archive.sha256]);
  const made = { recipe: 'container', recipeDigest: await recipeDigest(), version } as const;
  const entry: ContainerImage = { ...description, ...made, archive };
  await catalogue.publish(entry, output);
  return entry;
}

/** Sixteen digits that differ when any of the parts does. */
export function versionOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

async function hashed(directory: string, name: string): Promise<ImageFile> {
  const path = join(directory, name);
  await chmod(path, 0o644);
  return { name, sha256: await hashFile(path) };
}
