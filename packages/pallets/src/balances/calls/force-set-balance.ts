import {
  checkedAdd,
  type Context,
  defineCall,
  DispatchFailure,
  ensure,
  ensureRoot,
  MultiAddress,
} from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';
import type { Ledger } from '../ledger.ts';
import { lookup } from '../lookup.ts';
import { TotalIssuance } from '../storage.ts';

const consumerRemaining = () =>
  new DispatchFailure({ type: 'ConsumerRemaining' }, 'The account has money on hold, so it has to live on');

const changeIssuance = (ctx: Context, { events }: Ledger, from: bigint, to: bigint): void => {
  if (from === to) return;
  TotalIssuance.update(ctx, (total) => checkedAdd(total - from, to));
  ctx.deposit(to > from ? events.Issued({ amount: to - from }) : events.Rescinded({ amount: from - to }));
};

export const forceSetBalance = (ledger: Ledger) =>
  defineCall({
    index: 8,
    docs: [
      'Set the regular balance of a given account. Root only. Under the existential deposit it becomes 0.',
    ],
    args: { who: MultiAddress, new_free: compact(u128) },
    dispatch(ctx, origin, { who: address, new_free: wanted }) {
      ensureRoot(origin);
      const who = lookup(address);
      const data = ledger.read(ctx, who);
      const free = wanted < ledger.existentialDeposit ? 0n : wanted;
      ensure(free > 0n || data.reserved === 0n, consumerRemaining);
      if (free === 0n) ledger.ensureMayDie(who);

      ledger.write(ctx, who, { ...data, free }, data);
      changeIssuance(ctx, ledger, data.free, free);
      ctx.deposit(ledger.events.BalanceSet({ who, free }));
    },
  });
