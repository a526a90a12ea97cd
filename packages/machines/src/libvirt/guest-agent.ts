import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { MachineError } from '../errors.ts';
import { pollUntil } from '../host/poll.ts';
import { readPid, readPong, readProgramState } from './agent-answers.ts';

/** Programs that images of ours have for the provider. */
export const GUEST_PROGRAM = {
  /** Ends when the start is over and all that a claim needs was read once. */
  settle: '/usr/libexec/hamster/settle',
  /** Makes the machine its tenant's. */
  identity: '/usr/libexec/hamster/identity',
} as const;

const AGENT_INTERVAL_MS = 250;
const STATUS_INTERVAL_MS = 30;

type Guest = { libvirt: Pick<Libvirt, 'agent'>; domain: DomainRef };

/** Whether the guest's agent answers now. Throws for a machine that does not run, and for an agent that is none. */
export async function agentAnswers({ libvirt, domain }: Guest): Promise<boolean> {
  try {
    readPong(await libvirt.agent(domain, { execute: 'guest-ping' }));
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

/**
 * Runs a program in the guest with `input` and waits for its end, at most until `signal` fires. Throws `CommandFailed`
 * when it fails, or when what answers is no agent.
 */
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
  const pid = readPid(started);
  const probe = async (): Promise<number | undefined> => {
    const answer = await libvirt.agent(domain, { execute: 'guest-exec-status', arguments: { pid } });
    const state = readProgramState(answer);
    return state.ended ? state.code : undefined;
  };
  const code = await pollUntil(probe, { signal, intervalMs: STATUS_INTERVAL_MS });
  if (code === 0) return;
  throw new MachineError('CommandFailed', `${path} in domain ${domain.name} ended with status ${code}`);
}
