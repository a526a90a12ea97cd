import { randomBytes } from 'node:crypto';
import type { MachineOrder } from '../../driver.ts';

// No lease id has a dot in it.
const PREFIX = 'warm.';
const WARM_KEY = /^warm\.[0-9a-f]{12}$/;

/** What a machine is called that is booted before anybody ordered it; it keeps the name when it is claimed. */
export function newWarmKey(): string {
  return PREFIX + randomBytes(6).toString('hex');
}

export function isWarmKey(key: string): boolean {
  return WARM_KEY.test(key);
}

/** True for the order that stands in a machine's metadata until a real one takes its place. */
export function isUnclaimed({ leaseId }: MachineOrder): boolean {
  return isWarmKey(leaseId);
}
