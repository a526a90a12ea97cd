import { LibvirtConnectionError } from '../errors.ts';
import { QEMU_PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import { PROGRAM } from '../rpc/packet.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { writeDomain } from './references.ts';
import type { DomainRef } from './references.ts';

const AGENT_TIMEOUT_S = 5;

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
  const reply = (await rpc.call(request, options)).optional((reader) => reader.string());
  try {
    return reply === undefined ? undefined : (JSON.parse(reply) as unknown);
  } catch (cause) {
    throw new LibvirtConnectionError('Protocol', "the agent's answer is not JSON", { cause });
  }
}
