import { join } from 'node:path';
import type { LocalNetwork } from './local-network.ts';
import { runApp, type CommandResult } from './run-command.ts';

export interface RenterOptions {
  readonly network: LocalNetwork;
  /** Name of the development account. */
  readonly account: string;
}

/** A renter with a home directory of their own who types `hamster` commands. */
export class Renter {
  readonly home: string;
  readonly #options: RenterOptions;

  constructor(options: RenterOptions) {
    this.#options = options;
    this.home = join(options.network.options.directory, `renter-${options.account}`);
  }

  /** Runs `hamster …` to its end; an exit code other than 0 is a result, not an error. */
  hamster(args: readonly string[], timeoutMs = 60_000, input?: string): Promise<CommandResult> {
    const { network, account } = this.#options;
    const flags = ['--home', this.home, '--chain', network.rpcUrl, '--dev-account', account];
    const signal = AbortSignal.timeout(timeoutMs);
    return runApp('client', [...flags, ...args], { signal, ...(input !== undefined && { input }) });
  }

  /** Runs a command in the machine of a lease, through the gateway. */
  inMachine(lease: number, command: string, input?: string): Promise<CommandResult> {
    return this.hamster(['ssh', String(lease), '--', command], 60_000, input);
  }
}
