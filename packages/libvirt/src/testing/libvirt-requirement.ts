import { connectLibvirt } from '../connect.ts';
import { requirement } from './requirement.ts';
import type { Requirement } from './requirement.ts';

/** Whether this account reaches a libvirt daemon. */
export function libvirtRequirement(uri = 'qemu:///system'): Promise<Requirement> {
  return requirement('libvirt', async () => {
    const libvirt = await connectLibvirt({ uri, timeoutMs: 5_000 });
    await libvirt.close();
  });
}
