import { MachineError } from '@hamster/machines';
import { PeerError } from '@hamster/p2p';

/** Runs what a renter asked for; a driver's error becomes what the renter is told, without the host's insides. */
export async function inTheRentersWords<T>(leaseId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MachineError ? refusalOf(leaseId, error) : error;
  }
}

function refusalOf(leaseId: string, error: MachineError): PeerError {
  switch (error.code) {
    case 'InvalidOrder':
    case 'ImageUnknown':
    case 'InsufficientCapacity':
      return new PeerError('COMMAND_REFUSED', sentence(error.message), { cause: error });
    case 'MachineStopped':
      return new PeerError(
        'MACHINE_STOPPED',
        `The machine of lease ${leaseId} is stopped. Start it with: hamster start ${leaseId}`,
        { cause: error },
      );
    case 'MachineNotFound':
      return new PeerError(
        'COMMAND_FAILED',
        `The machine of lease ${leaseId} is gone from the provider's host. Its rent is not paid from now on; end the lease with: hamster terminate ${leaseId}`,
        { cause: error },
      );
    default:
      return new PeerError(
        'COMMAND_FAILED',
        `The provider's host could not do that to the machine of lease ${leaseId}; try again in a minute`,
        { cause: error },
      );
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
