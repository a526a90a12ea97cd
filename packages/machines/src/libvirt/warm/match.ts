import type { MachineSpec, WarmWish } from '../../driver.ts';
import { isClaimable } from '../../images/entry.ts';
import type { MachineImage } from '../../images/entry.ts';
import type { LocatedMachine } from '../locate.ts';

/** A machine that nobody has claimed; `held` tells that it came to rest and was not touched since. */
export type Member = LocatedMachine & { held: boolean };
export type CurrentWish = { wish: WarmWish; image: MachineImage };

/** Whether this very version of the image, with these CPUs and this memory, came to rest in it. */
function isReadyFor(member: Member, image: MachineImage, spec: MachineSpec): boolean {
  const { phase, now } = member.metadata;
  return (
    phase === 'ready' &&
    member.held &&
    isClaimable(now.image) &&
    now.image.name === image.name &&
    now.image.version === image.version &&
    now.spec.cpuCores === spec.cpuCores &&
    now.spec.memoryMib === spec.memoryMib
  );
}

/** Those that an order can be served with: a disk can grow while the machine runs, and nothing else can. */
export function claimable(members: readonly Member[], image: MachineImage, spec: MachineSpec): Member[] {
  return members.filter(
    (member) => isReadyFor(member, image, spec) && member.metadata.now.spec.diskGib <= spec.diskGib,
  );
}

/** Those that a wish is fulfilled by, at most as many as it wants. */
export function fulfilling(members: readonly Member[], { wish, image }: CurrentWish): Member[] {
  const { spec, count } = wish;
  const right = members.filter(
    (member) => isReadyFor(member, image, spec) && member.metadata.now.spec.diskGib === spec.diskGib,
  );
  return right.slice(0, count);
}

/** Those that no wish is fulfilled by: too many, of another version, not finished, or not held any more. */
export function surplus(members: readonly Member[], wishes: readonly CurrentWish[]): Member[] {
  const kept = new Set(wishes.flatMap((wish) => fulfilling(members, wish)));
  return members.filter((member) => !kept.has(member));
}

/** Whether a machine of `spec` fits beside the others. One that is held takes no CPU, so CPUs are not counted. */
export function fitsBeside(spec: MachineSpec, others: readonly MachineSpec[], offered: MachineSpec): boolean {
  return (['memoryMib', 'diskGib'] as const).every(
    (field) => others.reduce((sum, other) => sum + other[field], spec[field]) <= offered[field],
  );
}
