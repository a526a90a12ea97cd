import type { ImageInfo } from '../driver.ts';
import type { ContainerImage, ImageEntry, MachineImage } from './entry.ts';

export function isContainerImage(entry: ImageEntry): entry is ContainerImage {
  return entry.recipe === 'container';
}

export function isMachineImage(entry: ImageEntry): entry is MachineImage {
  return entry.recipe !== 'container';
}

export function infoOf({ name, version, loginUser, minMemoryMib, minDiskGib }: ImageEntry): ImageInfo {
  return { name, version, loginUser, minMemoryMib, minDiskGib };
}
