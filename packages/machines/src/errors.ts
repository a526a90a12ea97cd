export type MachineErrorCode =
  | 'InvalidOrder'
  | 'ImageUnknown'
  | 'ImageCorrupt'
  | 'ImageBuildFailed'
  | 'InsufficientCapacity'
  | 'OrderConflict'
  | 'MachineNotFound'
  | 'MachineStopped'
  | 'BootFailed'
  | 'HostUnfit'
  | 'HypervisorFailed'
  | 'CommandFailed'
  | 'CleanupFailed'
  | 'StateCorrupt'
  | 'TimedOut'
  | 'Unsupported';

/** Whose turn it is: the renter's order, the provider's host, a passing condition, or ours. */
export type Fault = 'order' | 'host' | 'transient' | 'bug';

const FAULTS: Record<MachineErrorCode, Fault> = {
  InvalidOrder: 'order',
  ImageUnknown: 'order',
  ImageCorrupt: 'host',
  ImageBuildFailed: 'host',
  InsufficientCapacity: 'host',
  OrderConflict: 'bug',
  MachineNotFound: 'transient',
  MachineStopped: 'transient',
  BootFailed: 'host',
  HostUnfit: 'host',
  HypervisorFailed: 'transient',
  CommandFailed: 'host',
  CleanupFailed: 'transient',
  StateCorrupt: 'host',
  TimedOut: 'transient',
  Unsupported: 'order',
};

/** Everything a driver throws. `code` is stable; the message says what was wrong with which value. */
export class MachineError extends Error {
  readonly code: MachineErrorCode;
  readonly fault: Fault;

  constructor(code: MachineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MachineError';
    this.code = code;
    this.fault = FAULTS[code];
  }
}

export function machineNotFound(leaseId: string): MachineError {
  return new MachineError('MachineNotFound', `no machine for lease ${leaseId} on this host`);
}

export function machineStopped(leaseId: string): MachineError {
  return new MachineError('MachineStopped', `the machine of lease ${leaseId} is stopped: start it first`);
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
