import type { MachineOrder } from '../driver.ts';
import { MachineError } from '../errors.ts';
import { readJson, writeFileAtomic } from '../host/files.ts';
import type { MachineLayout } from './layout.ts';

/** `order` is what the machine was made from, `now` what its renter made of it since. */
export type MachineRecord = {
  order: MachineOrder;
  now: Pick<MachineOrder, 'spec' | 'sshPublicKeys'>;
  stopped: boolean;
};

/** What the server says about itself: the boot id and start ticks make its process number unmistakable. */
export type ServerStatus = { pid: number; startTicks: string; bootId: string; port: number };

export async function readRecord(layout: MachineLayout): Promise<MachineRecord | undefined> {
  const value = await readJson(layout.record);
  if (value === undefined) return undefined;
  if (isRecord(value)) return value;
  throw new MachineError('StateCorrupt', `${layout.record} does not describe a machine`);
}

export async function writeRecord(layout: MachineLayout, record: MachineRecord): Promise<void> {
  await writeFileAtomic(layout.record, JSON.stringify(record));
}

export async function readStatus(layout: MachineLayout): Promise<ServerStatus | undefined> {
  const value = await readJson(layout.status).catch(() => undefined);
  return isStatus(value) ? value : undefined;
}

function isRecord(value: unknown): value is MachineRecord {
  return hasFields(value, { order: 'object', now: 'object', stopped: 'boolean' });
}

function isStatus(value: unknown): value is ServerStatus {
  return hasFields(value, { pid: 'number', startTicks: 'string', bootId: 'string', port: 'number' });
}

function hasFields(value: unknown, fields: Record<string, string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const held = new Map(Object.entries(value));
  return Object.entries(fields).every(([name, type]) => typeof held.get(name) === type);
}
