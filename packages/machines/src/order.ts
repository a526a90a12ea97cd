import type { MachineOrder, MachineSpec } from './driver.ts';
import { MachineError } from './errors.ts';
import { isSshPublicKey } from './ssh/public-key.ts';

const LEASE_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;
const MAX_KEYS = 16;
/** Keys reach a guest in firmware tables of 64 KiB, encoded twice. */
const MAX_KEY_CHARS = 8 * 1024;
const LIMITS: MachineSpec = { cpuCores: 1024, memoryMib: 16 * 1024 * 1024, diskGib: 64 * 1024 };

/** Throws `InvalidOrder` unless every field can safely become part of a path, a name and a configuration. */
export function checkOrder(order: MachineOrder): void {
  checkLeaseId(order.leaseId);
  checkSpec(order.spec);
  checkKeys(order.sshPublicKeys);
}

/** Throws `InvalidOrder` unless there are 1 to 16 keys that fit where they have to go. */
export function checkKeys(keys: readonly string[]): void {
  if (keys.length === 0 || keys.length > MAX_KEYS) {
    throw invalid(`a machine takes 1 to ${MAX_KEYS} SSH keys, not ${keys.length}`);
  }
  const length = keys.join('\n').length;
  if (length > MAX_KEY_CHARS)
    throw invalid(`the SSH keys have ${length} characters, more than ${MAX_KEY_CHARS}`);
  for (const key of keys) {
    if (!isSshPublicKey(key)) throw invalid(`not an SSH public key: "${key.slice(0, 40)}"`);
  }
}

/** Throws `InvalidOrder` when `next` is no spec, or takes away from the disk. */
export function checkResize(now: MachineSpec, next: MachineSpec): void {
  checkSpec(next);
  if (next.diskGib >= now.diskGib) return;
  throw invalid(`a disk only grows: it has ${now.diskGib} GiB, more than ${next.diskGib}`);
}

/** `keys` and `key`, which is there once. */
export function withKey(keys: readonly string[], key: string): string[] {
  return keys.includes(key) ? [...keys] : [...keys, key];
}

export function checkLeaseId(leaseId: string): void {
  if (!LEASE_ID.test(leaseId))
    throw invalid(`lease id "${leaseId.slice(0, 60)}" is not letters, digits and "-"`);
}

/** True when two orders ask for the same machine, so that `create` may be repeated. */
export function sameOrder(a: MachineOrder, b: MachineOrder): boolean {
  return JSON.stringify(orderFields(a)) === JSON.stringify(orderFields(b));
}

export function orderConflict(leaseId: string): MachineError {
  return new MachineError('OrderConflict', `lease ${leaseId} already has a machine made from another order`);
}

function orderFields(order: MachineOrder): unknown[] {
  const { cpuCores, memoryMib, diskGib } = order.spec;
  return [order.leaseId, cpuCores, memoryMib, diskGib, order.image, ...order.sshPublicKeys];
}

/** Throws `InvalidOrder` unless all are whole numbers within what any machine has. */
export function checkSpec(spec: MachineSpec): void {
  for (const field of ['cpuCores', 'memoryMib', 'diskGib'] as const) {
    const value = spec[field];
    if (!Number.isSafeInteger(value) || value < 1 || value > LIMITS[field]) {
      throw invalid(`${field} must be a whole number from 1 to ${LIMITS[field]}, not ${value}`);
    }
  }
}

function invalid(message: string): MachineError {
  return new MachineError('InvalidOrder', message);
}
