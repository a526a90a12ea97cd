/** What a shell sees of a command that did not work. `ssh` hands on the remote command's own code instead. */
export const EXIT = {
  failure: 1,
  usage: 2,
  /** The order was rejected or nobody answered it; the money is back. */
  notAccepted: 3,
  /** The lease does not exist, belongs to another account, or has ended. */
  noLease: 4,
  /** The machine cannot be reached: no gateway, provider offline, or the machine is silent. */
  unreachable: 5,
  /** The chain cannot be reached, or did not take the transaction. */
  chain: 6,
  interrupted: 130,
} as const;

/** An error whose message is a sentence for the person at the terminal. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, exitCode: number = EXIT.failure, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CliError {
  return new CliError('USAGE', message, EXIT.usage);
}

const UNREACHABLE = new Set([
  'NO_ROUTE',
  'NO_GATEWAY',
  'HANDSHAKE_TIMEOUT',
  'CONNECTION_LOST',
  'MACHINE_UNREACHABLE',
  'MACHINE_STOPPED',
  'PROVIDER_FAILED',
  'RELAY_LIMIT',
  'TOO_MANY_STREAMS',
]);
const NO_LEASE = new Set(['LEASE_NOT_FOUND', 'LEASE_ENDED', 'NOT_RENTER']);

/** The exit code for anything thrown; packages name their errors by `code`. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return EXIT.failure;
  if ('exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  const code = 'code' in error ? String(error.code) : '';
  if (UNREACHABLE.has(code)) return EXIT.unreachable;
  if (NO_LEASE.has(code)) return EXIT.noLease;
  if (code === 'CHAIN_URL_INVALID' || code === 'ADDRESS_INVALID') return EXIT.usage;
  return error.name === 'ChainUnreachable' || error.name === 'TransactionRejected'
    ? EXIT.chain
    : EXIT.failure;
}
