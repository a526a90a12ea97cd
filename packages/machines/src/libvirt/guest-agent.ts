import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { MachineError } from '../errors.ts';
import { pollUntil } from '../host/poll.ts';

/** Programs that images of ours have for the provider. */
export const GUEST_PROGRAM = {
  /** Ends when the start is over and all that a claim needs was read once. */
  settle: '/usr/libexec/hamster/settle',
  /** Makes the machine its tenant's. */
  identity: '/usr/libexec/hamster/identity',
} as const;

const AGENT_INTERVAL_MS = 250;
const STATUS_INTERVAL_MS = 30;

type Guest = { libvirt: Libvirt; domain: DomainRef };

/** Whether the guest's agent answers now. Throws for a machine that does not run. */
export async function agentAnswers({ libvirt, domain }: Guest): Promise<boolean> {
  try {
    await libvirt.agent(domain, { execute: 'guest-ping' });
    return true;
  } catch (error) {
    if (isLibvirtError(error, LIBVIRT_ERROR.agentUnresponsive)) return false;
    throw error;
  }
}

/** Resolves when the agent answers; rejects with the signal's reason. */
export async function waitForAgent(guest: Guest, signal: AbortSignal): Promise<void> {
  const probe = async (): Promise<true | undefined> => (await agentAnswers(guest)) || undefined;
  await pollUntil(probe, { signal, intervalMs: AGENT_INTERVAL_MS });
}

/** Runs a program in the guest with `input` and waits for its end. Throws `CommandFailed` when it fails. */
export async function runInGuest(
  guest: Guest,
  { path, input, signal }: { path: string; input: string; signal: AbortSignal },
): Promise<void> {
  const { libvirt, domain } = guest;
  const data = Buffer.from(input, 'utf8').toString('base64');
  const started = await libvirt.agent(domain, {
    execute: 'guest-exec',
    arguments: { path, 'input-data': data },
  });
  const pid = numberIn(started, 'pid');
  const probe = async (): Promise<number | undefined> => {
    const status = await libvirt.agent(domain, { execute: 'guest-exec-status', arguments: { pid } });
    return numberIn(status, 'exitcode');
  };
  const code = await pollUntil(probe, { signal, intervalMs: STATUS_INTERVAL_MS });
  if (code === 0) return;
  throw new MachineError('CommandFailed', `${path} in domain ${domain.name} ended with status ${code}`);
}

/** {"return": {"pid": 7}} → 7 */
function numberIn(answer: unknown, name: string): number | undefined {
  const inner = fieldOf(answer, 'return');
  const value = fieldOf(inner, name);
  return typeof value === 'number' ? value : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
