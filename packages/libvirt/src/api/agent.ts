import { LibvirtConnectionError } from '../errors.ts';
import { QEMU_PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import { PROGRAM } from '../rpc/packet.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { writeDomain } from './references.ts';
import type { DomainRef } from './references.ts';

const AGENT_TIMEOUT_S = 5;
/** More than any answer that is asked for; the guest writes it. */
const MAX_ANSWER = 256 * 1024;

/** Sends one command, {"execute": …}, to the guest's agent; error 86 when none answers. */
export async function agentCommand(
  rpc: Rpc,
  domain: DomainRef,
  command: object,
  options?: CallOptions,
): Promise<unknown> {
  const args = writeDomain(new XdrWriter(), domain)
    .string(JSON.stringify(command))
    .i32(AGENT_TIMEOUT_S)
    .u32(0);
  const request = { program: PROGRAM.qemu, procedure: QEMU_PROCEDURE.domainAgentCommand, args };
  const answer = (await rpc.call(request, options)).optional((reader) => reader.string());
  if (answer !== undefined && answer.length > MAX_ANSWER)
    throw new LibvirtConnectionError('Protocol', `the agent's answer has ${answer.length} characters`);
  try {
    return answer === undefined ? undefined : (JSON.parse(answer) as unknown);
  } catch (cause) {
    throw new LibvirtConnectionError('Protocol', "the agent's answer is not JSON", { cause });
  }
}
