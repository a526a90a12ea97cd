import type { SignatureClaim } from '@hamster/crypto';

export interface VerifyRequest {
  readonly id: number;
  readonly claims: readonly SignatureClaim[];
}

export interface VerifyReply {
  readonly id: number;
  readonly valid: readonly boolean[];
}

/** Asks the thread to end. */
export const STOP = 'stop';

export type ToWorker = VerifyRequest | typeof STOP;
