import { HAM, POTS } from '@hamster/runtime';
import { type CallCase, fund, sudo } from '../case.ts';
import { at, stranger } from '../cast.ts';

const id = (account: Uint8Array) => ({ Id: account });
const SOME = String(HAM);

/** Calls that move money. */
export const moneyCases: readonly CallCase[] = [
  {
    call: 'Balances.transfer_allow_death',
    proof: 'balances.Transfer',
    endless: true,
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('Balances.transfer_allow_death', id(stranger(index)), SOME),
    }),
  },
  {
    call: 'Balances.transfer_keep_alive',
    proof: 'balances.Endowed',
    endless: true,
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('Balances.transfer_keep_alive', id(stranger(index)), SOME),
    }),
  },
  {
    call: 'Balances.transfer_all',
    proof: 'system.KilledAccount',
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('Balances.transfer_all', id(stranger(index)), false),
    }),
  },
  {
    call: 'Balances.force_transfer',
    proof: 'balances.Transfer',
    make: (chain, cast, index) => {
      const [from, to] = [at(cast.spare, index).publicKey, stranger(index)];
      return sudo(chain, cast, 'Balances.force_transfer', id(from), id(to), SOME);
    },
  },
  {
    call: 'Balances.force_set_balance',
    proof: 'balances.BalanceSet',
    make: (chain, cast, index) => sudo(chain, cast, 'Balances.force_set_balance', id(stranger(index)), SOME),
  },
  {
    call: 'Balances.burn',
    proof: 'balances.Burned',
    endless: true,
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('Balances.burn', 1_000, true),
    }),
  },
  {
    call: 'Treasury.spend',
    proof: 'treasury.Spent',
    prepare: (chain, cast) => fund(chain, cast, POTS.treasury, 1_000n * HAM),
    make: (chain, cast, index) => sudo(chain, cast, 'Treasury.spend', id(stranger(index)), SOME),
  },
];
