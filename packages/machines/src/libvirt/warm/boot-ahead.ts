import { MachineError } from '../../errors.ts';
import type { MachineImage } from '../../images/entry.ts';
import type { MachineSpec } from '../../driver.ts';
import { bringUp, defineWithNetwork } from '../create-machine.ts';
import { GUEST_PROGRAM, runInGuest, waitForAgent } from '../guest-agent.ts';
import { metadataUpdate } from '../metadata.ts';
import { untilStopped, watchEnd } from '../until-stopped.ts';
import type { Site } from '../workshop.ts';

/**
 * Boots a machine for nobody, waits until it has come to rest, and holds it: its memory stays, it takes no CPU. It has no
 * keys and no host key, and its SSH server has not been started.
 */
export async function bootAhead(
  site: Site,
  { key, image, spec }: { key: string; image: MachineImage; spec: MachineSpec },
): Promise<void> {
  const { libvirt } = site;
  const order = { leaseId: key, image: image.name, spec, sshPublicKeys: [] };
  const made = await defineWithNetwork(site, order, image);
  await bringUp(site, made);
  const guest = { libvirt, domain: made.domain };
  const rest = async (signal: AbortSignal): Promise<true> => {
    await waitForAgent(guest, signal);
    await runInGuest(guest, { path: GUEST_PROGRAM.settle, input: '', signal });
    return true;
  };
  const watch = (onEnd: () => void): Promise<() => void> => watchEnd(libvirt, made.domain, onEnd);
  const rested = await untilStopped(watch, site.signal, rest);
  if (rested === undefined) throw new MachineError('BootFailed', `${made.domain.name} ended while it booted`);
  await libvirt.domains.suspend(made.domain);
  await libvirt.domains.setMetadata(made.domain, metadataUpdate({ ...made.metadata, phase: 'ready' }));
}
