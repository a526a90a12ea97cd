import { ss58Encode } from '@hamster/crypto';
import { type Context, ensureInvariant } from '@hamster/frame';
import { Account } from './storage.ts';

/** An account that nothing provides for is gone, and its nonce with it; what leans on one has something to lean on. */
export const tryState = (ctx: Context): void => {
  for (const [who, { providers, sufficients, consumers, data }] of Account.entries(ctx)) {
    ensureInvariant(providers + sufficients > 0, `nothing provides for ${ss58Encode(who)}`);
    const isHeld = data.reserved > 0n;
    ensureInvariant(consumers === (isHeld ? 1 : 0), `${ss58Encode(who)} has ${consumers} consumers`);
    ensureInvariant(!isHeld || providers > 0, `${ss58Encode(who)} has money on hold, and may be reaped`);
  }
};
