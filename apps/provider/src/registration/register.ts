import { sentenceOf, type Logger } from '@hamster/daemon';
import { isTransient } from '../transient.ts';
import {
  planRegistration,
  type Registered,
  type RegistrationStep,
  type Wanted,
} from './plan-registration.ts';

/** The calls of the `provider` pallet. Each waits for its outcome and throws if it failed. */
export interface Registrar {
  registered(peerId: string, signal: AbortSignal): Promise<Registered>;
  carryOut(step: RegistrationStep, signal: AbortSignal): Promise<void>;
}

export interface Registration extends Wanted {
  readonly registrar: Registrar;
  readonly log: Logger;
}

/** Makes the chain say what this machine offers. Safe to repeat: what already stands is not sent again. */
export async function register(
  { registrar, log, ...wanted }: Registration,
  signal: AbortSignal,
): Promise<void> {
  const now = await registrar.registered(wanted.offering.peerId, signal);
  for (const step of planRegistration(wanted, now)) {
    log.info({ step: step.kind }, 'bringing the offer on chain up to date');
    await registrar.carryOut(step, signal).catch((error: unknown) => {
      // The time in which it could be announced may be over. That keeps nobody from serving.
      if (step.kind !== 'maintenance' || isTransient(error)) throw error;
      log.warn({ reason: sentenceOf(error) }, 'maintenance that was asked for is not announced');
    });
  }
}
