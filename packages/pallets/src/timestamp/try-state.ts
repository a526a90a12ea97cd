import { type Context, ensureInvariant } from '@hamster/frame';
import { Now, Standstills } from './storage.ts';

/** Standstills took some time, one behind the other, until now at the latest: whoever sums them up counts no moment twice. */
export const tryState = (ctx: Context): void => {
  let last = 0n;
  for (const { from, to } of Standstills.get(ctx)) {
    ensureInvariant(last <= from && from < to, `a standstill from ${from} to ${to} does not follow ${last}`);
    last = to;
  }
  ensureInvariant(last <= Now.get(ctx), `a standstill lasts until ${last}, which is still to come`);
};
