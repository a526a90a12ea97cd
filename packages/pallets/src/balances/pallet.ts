import { AccountId, constant, definePallet, defineView } from '@hamster/frame';
import { u128, u32 } from '@hamster/scale';
import { burn } from './calls/burn.ts';
import { forceSetBalance } from './calls/force-set-balance.ts';
import { forceTransfer } from './calls/force-transfer.ts';
import { transferAll } from './calls/transfer-all.ts';
import { transferAllowDeath } from './calls/transfer-allow-death.ts';
import { transferKeepAlive } from './calls/transfer-keep-alive.ts';
import type { BalancesConfig } from './config.ts';
import { errors } from './errors.ts';
import { endowAll } from './genesis.ts';
import { ledgerOf } from './ledger.ts';
import {
  Account,
  freezesOf,
  InactiveIssuance,
  Locks,
  MAX_HOLDS,
  Reserves,
  TotalIssuance,
} from './storage.ts';
import { checkBalances } from './try-state.ts';

export const balancesPallet = (config: BalancesConfig) => {
  const ledger = ledgerOf(config);
  return definePallet({
    name: 'Balances',
    index: 2,
    docs: ['Money of accounts: free, and on hold under a reason.'],
    storage: [
      TotalIssuance,
      InactiveIssuance,
      Account,
      Locks,
      Reserves,
      ledger.holds,
      freezesOf(config.holdReason),
    ],
    calls: {
      transfer_allow_death: transferAllowDeath(ledger),
      force_transfer: forceTransfer(ledger),
      transfer_keep_alive: transferKeepAlive(ledger),
      transfer_all: transferAll(ledger),
      force_set_balance: forceSetBalance(ledger),
      burn: burn(ledger),
    },
    events: ledger.events,
    errors,
    constants: {
      ExistentialDeposit: constant(
        u128,
        config.existentialDeposit,
        'The minimum amount required to keep an account open.',
      ),
      MaxLocks: constant(u32, 50, 'The maximum number of locks that should exist on an account.'),
      MaxReserves: constant(u32, 50, 'The maximum number of named reserves that can exist on an account.'),
      MaxFreezes: constant(u32, MAX_HOLDS, 'The maximum number of individual freeze locks on an account.'),
    },
    associatedTypes: { Balance: { type: u128, docs: ['The balance of an account, in planck.'] } },
    viewFunctions: {
      spendable: defineView({
        docs: ['What an account could transfer or hold now and stay alive, in planck.'],
        inputs: { who: AccountId },
        output: u128,
        read: (ctx, { who }) => ledger.spendable(ctx, who),
      }),
    },
    genesis: (ctx, genesis) => endowAll(ctx, ledger, genesis),
    tryState: (ctx) => checkBalances(ctx, config, ledger),
  });
};
