import { amount, count, struct } from '../codec/readers.ts';

/** An account's money in planck. */
export interface Balance {
  /** Not held for anything. */
  readonly free: bigint;
  /** Held as stake, escrow or deposit: still the owner's, but not to spend. */
  readonly held: bigint;
  /** What can be sent away or paid while the account stays alive. */
  readonly transferable: bigint;
  readonly nonce: number;
}

const accountInfo = struct({
  nonce: count,
  data: struct({ free: amount, reserved: amount, frozen: amount }),
});

/** Reads `system.account`; the existential deposit must stay. */
export function balanceOf(codec: Parameters<typeof accountInfo>[0], existentialDeposit: bigint): Balance {
  const { nonce, data } = accountInfo(codec);
  const locked = data.frozen > existentialDeposit ? data.frozen : existentialDeposit;
  return {
    free: data.free,
    held: data.reserved,
    transferable: data.free > locked ? data.free - locked : 0n,
    nonce,
  };
}
