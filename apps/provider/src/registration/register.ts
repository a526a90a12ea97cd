import type { Logger } from '@hamster/daemon';
import {
  planRegistration,
  type Offering,
  type Registered,
  type RegistrationStep,
} from './plan-registration.ts';

/** The calls of the `provider` pallet. Each waits for its outcome and throws if it failed. */
export interface Registrar {
  registered(peerId: string, signal: AbortSignal): Promise<Registered>;
  carryOut(step: RegistrationStep, signal: AbortSignal): Promise<void>;
}

export interface Registration {
  readonly registrar: Registrar;
  readonly offering: Offering;
  /** Planck. */
  readonly stake: bigint;
  readonly log: Logger;
}

/** Makes the chain say what this machine offers. Safe to repeat: what already stands is not sent again. */
export async function register(
  { registrar, offering, stake, log }: Registration,
  signal: AbortSignal,
): Promise<void> {
  const now = await registrar.registered(offering.peerId, signal);
  for (const step of planRegistration(offering, stake, now)) {
    log.info({ step: step.kind }, 'bringing the offer on chain up to date');
    await registrar.carryOut(step, signal);
  }
}
