import { randomBytes } from 'node:crypto';
import { hostNameOf } from '../../names.ts';
import { ensureHostIdentity } from '../../ssh/host-identity.ts';
import { GUEST_PROGRAM, runInGuest } from '../guest-agent.ts';
import type { LocatedMachine } from '../locate.ts';
import type { Site } from '../workshop.ts';

const SECOND_MS = 1000;
/** As much as the kernel's generator holds. */
const SEED_BYTES = 64;

/** Tells a machine that was booted ahead whose it is; SSH answers afterwards, with the machine's own host key. */
export async function giveIdentity(
  { libvirt }: Site,
  { domain, metadata, names }: LocatedMachine,
  signal: AbortSignal,
): Promise<void> {
  const hostKey = await ensureHostIdentity(names.hostKey);
  const input = identityText({
    // While it was held, its clock stood still.
    time: (Date.now() / SECOND_MS).toFixed(0),
    random: randomBytes(SEED_BYTES),
    'machine-id': `${names.uuid.replaceAll('-', '')}\n`,
    'host-key': hostKey.openssh,
    'host-key-dropbear': hostKey.dropbear,
    'authorized-keys': metadata.now.sshPublicKeys.map((key) => `${key}\n`).join(''),
  });
  // A host name is letters, digits and "-": it needs no shelter, and decoding it would take the guest a program.
  const name = `plain-name ${hostNameOf(metadata.order.leaseId)}\n`;
  await runInGuest({ libvirt, domain }, { path: GUEST_PROGRAM.identity, input: name + input, signal });
}

/** A line for each value, in base64: nothing that comes from outside can break out of its place. */
function identityText(values: Record<string, string | Buffer>): string {
  const lines = Object.entries(values).map(
    ([name, value]) => `${name} ${Buffer.from(value).toString('base64')}\n`,
  );
  return lines.join('');
}
