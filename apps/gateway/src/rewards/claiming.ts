import type { Logger } from '@hamster/daemon';
import type { GatewayChain } from '../chain/gateway-chain.ts';
import { keepClaiming } from './claim-rewards.ts';

/** How rewards are claimed; may be changed while the daemon runs. */
export interface ClaimSettings {
  readonly auto: boolean;
  /** Between two looks. */
  readonly minutes: number;
  /** Planck. */
  readonly atLeast: bigint;
}

export interface Claiming {
  settings(): ClaimSettings;
  change(change: Partial<ClaimSettings>): void;
  /** Claims now, however little it is; hands back how much, in planck. Throws what the chain refused. */
  claimNow(signal: AbortSignal): Promise<bigint>;
  stop(): Promise<void>;
}

interface ClaimingModules {
  readonly chain: Pick<GatewayChain, 'rewards' | 'claim'>;
  readonly log: Logger;
  onClaim(amount: bigint): void;
}

/** Claims by itself while the settings say so. */
export function startClaiming({ chain, log, onClaim }: ClaimingModules, initial: ClaimSettings): Claiming {
  let settings = initial;
  let round = run();

  function run(): { stop(): Promise<void> } {
    const ending = new AbortController();
    const { auto, minutes, atLeast } = settings;
    const options = { chain, log, everyMs: minutes * 60_000, atLeast: atLeast > 0n ? atLeast : 1n, onClaim };
    const done = auto ? keepClaiming(options, ending.signal) : Promise.resolve();
    return {
      async stop() {
        ending.abort();
        await done;
      },
    };
  }

  return {
    settings: () => settings,
    change(change) {
      settings = { ...settings, ...change };
      const former = round.stop();
      round = run();
      void former;
    },
    async claimNow(signal) {
      const amount = await chain.claim(signal);
      onClaim(amount);
      return amount;
    },
    stop: () => round.stop(),
  };
}
