import { type Context, type Migration, storagePrefix, weightOf } from '@hamster/frame';

import { CurrentIndex, QueuedKeys } from '../storage.ts';

const moveHere = ({ state }: Context, { name, prefix }: { name: string; prefix: Uint8Array }): void => {
  const before = storagePrefix('Session', name);
  const stored = state.get(before);
  if (!stored) return;
  state.put(prefix, stored);
  state.delete(before);
};

/** The pallet was called Session. */
export const renamed: Migration = {
  from: 0,
  step(ctx, _cursor, meter) {
    if (!meter.tryConsume(weightOf(20, 4))) return CurrentIndex.prefix;
    for (const item of [CurrentIndex, QueuedKeys]) moveHere(ctx, item);
    return undefined;
  },
};
