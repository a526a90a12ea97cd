import type { MachineOrder, MachineSpec, WantedPower } from '../driver.ts';
import { MachineError } from '../errors.ts';
import { readJson, writeFileAtomic } from '../host/files.ts';
import type { ContainerImage } from '../images/entry.ts';

/** What the driver must know again after a crash. It is written before anything is made, and removed last. */
export type ContainerRecord = {
  /** What the machine was made from. */
  order: MachineOrder;
  /** What its renter made of it since; the image is the one that its container is made from. */
  now: { spec: MachineSpec; sshPublicKeys: readonly string[]; image: ContainerImage };
  /** While "building", the disk holds nothing that counts and is made anew. */
  phase: 'building' | 'ready';
  wanted: WantedPower;
};

export async function readRecord(path: string): Promise<ContainerRecord | undefined> {
  const value = await readJson(path);
  if (value === undefined || isRecord(value)) return value;
  throw new MachineError('StateCorrupt', `${path} does not describe a machine`);
}

export async function writeRecord(path: string, record: ContainerRecord): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(record));
}

function isRecord(value: unknown): value is ContainerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    ['order', 'now'].every((name) => typeof fields.get(name) === 'object' && fields.get(name) !== null) &&
    ['phase', 'wanted'].every((name) => typeof fields.get(name) === 'string')
  );
}
