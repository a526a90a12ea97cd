import { ensure } from '@hamster/frame';

import { ensurePlainText } from '../../primitives/checks.ts';
import { type Capacity, fits, MAX_TEXT } from '../../primitives/machine.ts';
import { isImageName, isPeerId } from '../../primitives/text.ts';
import { errors } from '../errors.ts';
import { MAX_IMAGES, type Parameters, type Resource } from '../types.ts';

/** A machine has something of everything; what is taken of it now must still fit. */
export const ensureCapacity = (capacity: Capacity, allocated?: Capacity): void => {
  ensure(capacity.gpus === 0, errors.GpuNotSupported);
  const { cpu_cores: cores, memory_mib: memory, disk_gib: disk } = capacity;
  ensure(cores > 0 && memory > 0 && disk > 0, errors.CapacityZero);
  ensure(allocated === undefined || fits(allocated, capacity), errors.CapacityBelowAllocated);
};

export const ensureImages = (images: readonly Uint8Array[]): void => {
  ensure(images.length > 0, errors.NoImages);
  ensure(images.length <= MAX_IMAGES, errors.TooManyImages);
  for (const image of images) {
    ensure(image.length <= MAX_TEXT.image, errors.TextTooLong);
    ensure(isImageName(image), errors.InvalidImage);
  }
};

export const ensurePeerId = (peerId: Uint8Array): void => {
  ensure(peerId.length <= MAX_TEXT.peerId, errors.TextTooLong);
  ensure(isPeerId(peerId), errors.InvalidPeerId);
};

export const ensureLabels = ({ cpu_model, region }: Pick<Resource, 'cpu_model' | 'region'>): void => {
  ensurePlainText(cpu_model, MAX_TEXT.cpuModel, errors);
  ensurePlainText(region, MAX_TEXT.region, errors);
};

export const ensureAvailability = (until: bigint, now: bigint, { max_available }: Parameters): void => {
  ensure(until > now, errors.AvailabilityInPast);
  ensure(until <= now + max_available, errors.AvailabilityTooFar);
};
