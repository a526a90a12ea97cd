import type { Step } from './registration/plan-step.ts';

/** What the daemon has done on chain since its start. Amounts are planck, times ms since 1970. */
export interface PulseState {
  readonly startedAt: number;
  readonly heartbeats: number;
  readonly lastHeartbeatAt: number | undefined;
  /** Looks at the chain that failed. */
  readonly failures: number;
  readonly claims: number;
  readonly claimed: bigint;
  readonly lastClaimAt: number | undefined;
}

export interface Pulse {
  step(step: Step): void;
  failure(): void;
  claim(amount: bigint): void;
  state(): PulseState;
}

/** `tell` hears of each change by the name of the live update. */
export function pulse(now: () => number, tell: (event: string, data: object) => void): Pulse {
  let state: PulseState = {
    startedAt: now(),
    heartbeats: 0,
    lastHeartbeatAt: undefined,
    failures: 0,
    claims: 0,
    claimed: 0n,
    lastClaimAt: undefined,
  };
  return {
    step(step) {
      if (step === 'heartbeat')
        state = { ...state, heartbeats: state.heartbeats + 1, lastHeartbeatAt: now() };
      tell('registration', { step });
    },
    failure() {
      state = { ...state, failures: state.failures + 1 };
    },
    claim(amount) {
      const { claims, claimed } = state;
      state = { ...state, claims: claims + 1, claimed: claimed + amount, lastClaimAt: now() };
      tell('rewards', { claimed: amount.toString() });
    },
    state: () => state,
  };
}
