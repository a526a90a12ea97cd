import { MachineError } from '../../errors.ts';
import type { MachineImage } from '../../images/entry.ts';
import type { MachineSpec } from '../../driver.ts';
import { ensureHostIdentity } from '../../ssh/host-identity.ts';
import { waitForSsh } from '../../ssh/wait-for-ssh.ts';
import { bringUp, defineWithNetwork } from '../create-machine.ts';
import { endpointOf } from '../endpoint.ts';
import { GUEST_PROGRAM, runInGuest, waitForAgent } from '../guest-agent.ts';
import { diskFull, lacksRoom } from '../machine.ts';
import type { FoundMachine } from '../machine.ts';
import { metadataUpdate } from '../metadata.ts';
import { untilStopped, watchEnd } from '../until-stopped.ts';
import type { Site } from '../workshop.ts';

/** Its SSH server has been there for long when it is asked. */
const SSH_LIMIT_MS = 60_000;

/**
 * Boots a machine for nobody, waits until it has come to rest, and holds it: its memory stays, it takes no CPU. It has a host
 * key of its own, and nobody's keys. Until the end it is "building", which is never given away.
 */
export async function bootAhead(
  site: Site,
  { key, image, spec }: { key: string; image: MachineImage; spec: MachineSpec },
): Promise<void> {
  const { libvirt } = site;
  const order = { leaseId: key, image: image.name, spec, sshPublicKeys: [] };
  const made = await defineWithNetwork(site, order, image);
  await bringUp(site, made);
  const watch = (onEnd: () => void): Promise<() => void> => watchEnd(libvirt, made.domain, onEnd);
  const rested = await untilStopped(watch, site.signal, (signal) => comeToRest(site, made, signal)).catch(
    async (error: unknown) => {
      // What is asked of a guest that is held may fail before its watch hears of it.
      if (!(await lacksRoom(libvirt, made.domain).catch(() => false))) throw error;
    },
  );
  if (rested === undefined) throw await whyEnded(site, made);
  await libvirt.domains.suspend(made.domain);
  await libvirt.domains.setMetadata(made.domain, metadataUpdate({ ...made.metadata, phase: 'ready' }));
}

async function whyEnded({ libvirt }: Site, { domain }: FoundMachine): Promise<MachineError> {
  const what = `${domain.name}, booted ahead,`;
  if (await lacksRoom(libvirt, domain)) return diskFull(what);
  return new MachineError('BootFailed', `${what} ended while it booted`);
}

/**
 * All that a claim will need has run once afterwards, a whole key exchange included: what a machine does for the first time
 * takes several times as long. It also proves that the machine has its own host key.
 */
async function comeToRest(
  { libvirt, names }: Site,
  { domain, metadata }: FoundMachine,
  signal: AbortSignal,
): Promise<true> {
  const guest = { libvirt, domain };
  await waitForAgent(guest, signal);
  await runInGuest(guest, { path: GUEST_PROGRAM.settle, input: '', signal });
  const endpoint = endpointOf(metadata.address, metadata.now.image);
  const hostKey = await waitForSsh({ endpoint, timeoutMs: SSH_LIMIT_MS, signal });
  const { publicKey } = await ensureHostIdentity(names.hostKey);
  if (hostKey === publicKey) return true;
  const what = hostKey === undefined ? 'no SSH server' : 'another host key than its own';
  throw new MachineError('BootFailed', `${domain.name}, booted ahead, has ${what}`);
}
