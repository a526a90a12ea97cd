import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { imagesOfContainers } from '../docker/used-images.ts';
import { imagesOfDomains } from '../libvirt/used-images.ts';
import { imageCatalogue } from './catalogue.ts';

export type CollectOptions = { stateDir: string; connect?: () => Promise<Libvirt> };

/**
 * Removes versions of images that are neither current nor under any machine, of whatever chain, and tells which. Where
 * there are disks of virtual machines, libvirt must answer; else nothing is removed and its error thrown.
 */
export async function collectImages({
  stateDir,
  connect = connectLibvirt,
}: CollectOptions): Promise<string[]> {
  const used = new Set(await imagesOfContainers(stateDir));
  if (await hasDisks(stateDir)) for (const image of await askLibvirt(connect)) used.add(image);
  return imageCatalogue(join(stateDir, 'catalogue')).collect(used);
}

async function askLibvirt(connect: () => Promise<Libvirt>): Promise<string[]> {
  const libvirt = await connect();
  try {
    return await imagesOfDomains(libvirt);
  } finally {
    await libvirt.close();
  }
}

async function hasDisks(stateDir: string): Promise<boolean> {
  return (await readdir(join(stateDir, 'disks')).catch(() => [])).length > 0;
}
