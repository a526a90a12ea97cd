import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc } from '../rpc/connection.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { readDomain, writeDomain } from './references.ts';
import type { DomainRef } from './references.ts';
import { readTypedParameters } from './typed-parameters.ts';
import type { TypedValue } from './typed-parameters.ts';

/** Groups of virDomainStatsTypes; none asks for all that the hypervisor has. */
export const STATISTICS = { state: 1, cpu: 2, balloon: 4, vcpu: 8, interface: 16, block: 32 } as const;

export type DomainStatistics = { domain: DomainRef; values: Map<string, TypedValue> };

/** Statistics of the given domains, or of all; fields are named as in `virsh domstats`. */
export async function domainStatistics(
  rpc: Rpc,
  query: { domains?: readonly DomainRef[]; groups?: number },
  options?: CallOptions,
): Promise<DomainStatistics[]> {
  const args = new XdrWriter()
    .array(query.domains ?? [], writeDomain)
    .u32(query.groups ?? 0)
    .u32(0);
  const reader = await rpc.call({ procedure: PROCEDURE.connectGetAllDomainStats, args }, options);
  return reader.array((inner) => ({ domain: readDomain(inner), values: readTypedParameters(inner) }));
}
