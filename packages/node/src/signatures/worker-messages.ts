export interface VerifyRequest {
  readonly id: number;
  /** As `packClaims` makes them. */
  readonly claims: Uint8Array<ArrayBuffer>;
}

export interface VerifyReply {
  readonly id: number;
  readonly valid: readonly boolean[];
}

/** Asks the thread to end. */
export const STOP = 'stop';

export type ToWorker = VerifyRequest | typeof STOP;
