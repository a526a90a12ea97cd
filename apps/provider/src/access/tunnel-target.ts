import { MachineError, type Endpoint, type MachineDriver } from '@hamster/machines';
import { PeerError, type TunnelClaim, type TunnelTarget } from '@hamster/p2p';

const SSH_PORT = 22;

/** Where a renter's tunnel leads: to the ports of the lease's machine. Throws PeerError while the machine is down. */
export async function tunnelTarget(
  driver: MachineDriver,
  { lease, port }: Pick<TunnelClaim, 'lease' | 'port'>,
  signal: AbortSignal,
): Promise<TunnelTarget> {
  const endpoint = await endpointOf(String(lease), driver, signal);
  if (port === SSH_PORT) return { host: endpoint.host, port: endpoint.port };
  if (driver.kind === 'process') throw closed(lease, port);
  return { host: endpoint.host, port };
}

async function endpointOf(leaseId: string, driver: MachineDriver, signal: AbortSignal): Promise<Endpoint> {
  const machine = await driver.inspect(leaseId, signal);
  if (machine?.running === false) throw down(leaseId, machine.wanted === 'stopped');
  try {
    return await driver.endpoint(leaseId, signal);
  } catch (error) {
    if (error instanceof MachineError && error.code === 'MachineStopped') throw down(leaseId, false);
    throw error;
  }
}

/** A machine that its renter stopped stays down; one that should run is about to. */
function down(leaseId: string, stopped: boolean): PeerError {
  return stopped
    ? new PeerError(
        'MACHINE_STOPPED',
        `The machine of lease ${leaseId} is stopped. Start it with: hamster start ${leaseId}`,
      )
    : new PeerError(
        'MACHINE_UNREACHABLE',
        `The machine of lease ${leaseId} is down for the moment and will be started; try again in a minute`,
      );
}

/** A real machine has all of its ports to itself; a process shares the host's, so only its SSH server is reached, which knows its programs. */
function closed(lease: bigint, port: number): PeerError {
  return new PeerError(
    'PORT_CLOSED',
    `Port ${port} is closed: this machine is a process of its host, and reached on port ${SSH_PORT} only. ` +
      `A program that you run in it is reached through that: hamster ssh-config --include, then ssh -L ${port}:localhost:${port} hamster-${lease}`,
  );
}
