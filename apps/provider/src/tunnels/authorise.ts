import type { Endpoint, MachineDriver } from '@hamster/machines';
import type { TunnelClaim, TunnelDecision } from '@hamster/p2p';
import type { LiveLease } from '../reconciler/work.ts';

export interface AuthoriseModules {
  /** The lease as the chain has it now, if this provider has to serve it. */
  readonly liveLease: (lease: bigint, signal: AbortSignal) => Promise<LiveLease | undefined>;
  readonly driver: MachineDriver;
}

const SSH_PORT = 22;

/** Lets the renter of a live lease, and nobody else, through to the ports of the lease's machine. */
export async function authorise(
  { liveLease, driver }: AuthoriseModules,
  claim: TunnelClaim,
  signal: AbortSignal,
): Promise<TunnelDecision> {
  const lease = await liveLease(claim.lease, signal);
  if (lease === undefined) {
    return denied(
      'LEASE_NOT_FOUND',
      `Lease ${claim.lease} is not running here: it has ended or belongs elsewhere`,
    );
  }
  if (lease.renter !== claim.account) {
    return denied('NOT_RENTER', `Lease ${claim.lease} is rented by another account than ${claim.account}`);
  }
  return portOf(await driver.endpoint(String(claim.lease)), claim.port, driver);
}

/** A real machine has all of its ports to itself; a process shares the host's, so only its SSH port is reached. */
function portOf(endpoint: Endpoint, port: number, driver: MachineDriver): TunnelDecision {
  if (port === SSH_PORT) return { ok: true, host: endpoint.host, port: endpoint.port };
  if (driver.kind !== 'process') return { ok: true, host: endpoint.host, port };
  return denied(
    'PORT_CLOSED',
    `Port ${port} is closed: this kind of machine is reached on port ${SSH_PORT} only`,
  );
}

function denied(code: 'LEASE_NOT_FOUND' | 'NOT_RENTER' | 'PORT_CLOSED', message: string): TunnelDecision {
  return { ok: false, code, message };
}
