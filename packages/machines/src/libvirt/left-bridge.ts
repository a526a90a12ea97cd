import { readdir } from 'node:fs/promises';
import { isMissing } from '../host/files.ts';
import type { Site } from './workshop.ts';

/**
 * The bridge of a network that does not run: a libvirt that was killed while it set that up leaves it, and cannot set the network up
 * any more ("File exists"). One to which a machine is connected stays.
 */
export async function removeLeftBridge({ workshop, names: { bridge }, signal }: Site): Promise<void> {
  const ports = await readdir(`/sys/class/net/${bridge}/brif`).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (ports?.length !== 0) return;
  const command = ['link', 'delete', 'dev', bridge, 'type', 'bridge'];
  // Who may not, or comes too late, hears of what is in the way from libvirt.
  await workshop.modules.run('ip', command, { signal }).catch(() => signal.throwIfAborted());
}
