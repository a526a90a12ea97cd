import { randomBytes } from 'node:crypto';
import { MachineError } from '../../errors.ts';
import { hostNameOf } from '../../names.ts';
import { GUEST_PROGRAM, runInGuest } from '../guest-agent.ts';
import type { LocatedMachine } from '../locate.ts';
import type { Site } from '../workshop.ts';

const SECOND_MS = 1000;
/** As much as the kernel's generator holds. */
const SEED_BYTES = 64;
/** What would end a line, and the text. */
const BREAKS = /[\n\r\0]/;

/**
 * Tells a machine that was booted ahead whose it is. Its SSH server has run since its boot, with a host key that no other
 * machine has; afterwards it knows who may log in. `grows` tells that its disk did.
 */
export async function giveIdentity(
  { libvirt }: Site,
  { domain, metadata, names }: LocatedMachine,
  { grows, signal }: { grows: boolean; signal: AbortSignal },
): Promise<void> {
  const input = identityText([
    // While it was held, its clock stood still.
    ['time', (Date.now() / SECOND_MS).toFixed(0)],
    ['random', randomBytes(SEED_BYTES).toString('base64')],
    ['machine-id', names.uuid.replaceAll('-', '')],
    ['host-name', hostNameOf(metadata.order.leaseId)],
    ...metadata.now.sshPublicKeys.map((key): Line => ['key', key]),
    ...(grows ? [['disk', 'grows'] satisfies Line] : []),
  ]);
  await runInGuest({ libvirt, domain }, { path: GUEST_PROGRAM.identity, input, signal });
}

type Line = [name: string, value: string];

/** A line for each value, as it is: decoding it would take the guest a program each, and its tenant waits for them. */
function identityText(lines: readonly Line[]): string {
  const broken = lines.find(([, value]) => BREAKS.test(value));
  if (broken) throw new MachineError('InvalidOrder', `a ${broken[0]} has a line break in it`);
  return lines.map(([name, value]) => `${name} ${value}\n`).join('');
}
