import type { ImageInfo } from '../driver.ts';
import { MachineError } from '../errors.ts';
import type { ImageCatalogue } from './catalogue.ts';
import type { ContainerImage, ImageEntry, MachineImage } from './entry.ts';

export function isContainerImage(entry: ImageEntry): entry is ContainerImage {
  return entry.recipe === 'container';
}

export function isMachineImage(entry: ImageEntry): entry is MachineImage {
  return entry.recipe !== 'container';
}

/** Throws `ImageUnknown`. */
export async function machineImage(catalogue: ImageCatalogue, name: string): Promise<MachineImage> {
  const entry = await catalogue.get(name);
  if (isMachineImage(entry)) return entry;
  const message = `image ${name} is for containers, and this driver runs virtual machines`;
  throw new MachineError('ImageUnknown', message);
}

export function infoOf({ name, version, loginUser, minMemoryMib, minDiskGib }: ImageEntry): ImageInfo {
  return { name, version, loginUser, minMemoryMib, minDiskGib };
}
