import { type Context, eachKey, ensureInvariant, type Migration, weightOf } from '@hamster/frame';
import type { Type } from '@hamster/scale';

import { Leases } from '../storage.ts';
import { Lease } from '../types.ts';
import { LeaseV0 } from './v0.ts';

/** Undefined for bytes that are something else. */
const decodedAs = <T>(type: Type<T>, bytes: Uint8Array): T | undefined => {
  try {
    return type.decode(bytes);
  } catch {
    return undefined;
  }
};

const translate = (ctx: Context, key: Uint8Array): void => {
  const stored = ctx.state.get(key) ?? new Uint8Array();
  // Releases of specVersion 3 wrote both: only bytes that are a whole lease of the old shape are one.
  const old = decodedAs(LeaseV0, stored);
  if (old) return ctx.state.put(key, Lease.encode({ ...old, later: [] }));
  const isNew = decodedAs(Lease, stored) !== undefined;
  ensureInvariant(isNew, 'a lease is in neither the old nor the new shape');
};

/** A lease knows which hours were agreed at which price: until now all of its hours had one. */
export const pricesAhead: Migration = {
  from: 0,
  step: eachKey(Leases.prefix, weightOf(40, 2), translate),
};
