import { cannotLookup, defineCall, MultiAddress } from '@hamster/frame';
import { ensureSudo } from './access.ts';
import { events } from './events.ts';
import { Key } from './storage.ts';

export const setKey = defineCall({
  index: 2,
  docs: ['Authenticates the current sudo key and sets the given AccountId (`new`) as the new sudo key.'],
  args: { new: MultiAddress },
  dispatch(ctx, origin, { new: address }) {
    ensureSudo(ctx, origin);
    if (address.type !== 'Id') throw cannotLookup();

    ctx.deposit(events.KeyChanged({ old: Key.get(ctx), new: address.value }));
    Key.put(ctx, address.value);
    return { paysFee: false };
  },
});
