import { InvalidArgumentError } from 'commander';
import { port, positive } from '../cli/arguments.ts';

/** A port of this computer that leads to one of a rented machine. */
export interface ForwardTerms {
  readonly lease: number;
  /** 0 takes a free one. */
  readonly local: number;
  readonly remote: number;
}

/** What the renter allows the daemon to spend by itself. Amounts are planck. */
export interface ExtensionTerms {
  /** All that automatic extension may ever put into escrow. */
  readonly cap: bigint;
  /** By how much a lease is extended at a time. */
  readonly hours: number;
  /** A higher price per hour is not taken; by default the price that the lease has. */
  readonly maxPrice?: bigint | undefined;
}

/** `7:8080:80`, or `7:80` for the same port here. */
export function forwardTerms(text: string, previous: ForwardTerms[] = []): ForwardTerms[] {
  const match = /^(\d+):(?:(\d+):)?(\d+)$/.exec(text);
  if (!match?.[1] || !match[3]) {
    throw new InvalidArgumentError('Say lease:local:remote, such as 7:8080:80.');
  }
  const remote = port(match[3]);
  const local = match[2] === '0' ? 0 : port(match[2] ?? match[3]);
  return [...previous, { lease: positive(match[1]), local, remote }];
}
