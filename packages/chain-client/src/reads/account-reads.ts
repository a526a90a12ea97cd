import { checkedAddress } from '../codec/address.ts';
import { amount, count } from '../codec/readers.ts';
import { constant, runtimeCall, storage } from '../connection/decorated.ts';
import type { Call } from '../connection/decorated.ts';
import type { Reading } from '../connection/reading.ts';
import { arbitrationParameters } from '../model/arbitration.ts';
import { balanceOf } from '../model/balance.ts';
import type { Balance } from '../model/balance.ts';
import { gatewayParameters } from '../model/gateway.ts';
import { providerParameters } from '../model/provider.ts';
import { withdrawables } from '../model/withdrawable.ts';
import type { Withdrawable } from '../model/withdrawable.ts';
import { orderParameters } from '../model/resource-order.ts';
import type { Patience } from '../signals.ts';
import { plainValue } from './read-store.ts';

/** Reads of accounts and of the chain as a whole. */
export function accountReads(reading: Reading) {
  return {
    /** The time of the best block, ms since 1970; the chain's rules know no other. */
    now: (patience: Patience = {}): Promise<number> =>
      plainValue(reading, 'timestamp', 'now', count, patience),

    /** Rejects with `ADDRESS_INVALID` for what is no address. */
    balance: (address: string, patience: Patience = {}): Promise<Balance> =>
      reading.read(
        'Reading system.account',
        async (state) => {
          const deposit = amount(constant(state, 'balances', 'existentialDeposit'));
          return balanceOf(await storage(state, 'system', 'account')(checkedAddress(address)), deposit);
        },
        patience,
      ),

    /** Stakes that unbond or have unbonded, and rewards that wait; one entry for each source that has something. */
    withdrawable(address: string, patience: Patience = {}): Promise<Withdrawable[]> {
      return reading.read(
        'Asking what can be withdrawn',
        async (state) => withdrawables(await runtimeCall(state, 'withdrawableApi', 'withdrawable', address)),
        patience,
      );
    },

    /** The numbers of the rules, of each pallet. Root may change them at any time. */
    async parameters(patience: Patience = {}) {
      const [provider, resourceOrder, gateway, arbitration] = await Promise.all([
        plainValue(reading, 'provider', 'parameters', providerParameters, patience),
        plainValue(reading, 'resourceOrder', 'parameters', orderParameters, patience),
        plainValue(reading, 'gateway', 'parameters', gatewayParameters, patience),
        plainValue(reading, 'arbitration', 'parameters', arbitrationParameters, patience),
      ]);
      return { provider, resourceOrder, gateway, arbitration };
    },
  };
}

/** What the chain would say of a transaction that comes now. */
export function feeReads(reading: Reading) {
  return {
    /** What the transaction would cost the account, in planck, on top of what it pays or holds. */
    fee: (call: Call, address: string, patience: Patience = {}): Promise<bigint> =>
      reading.read(
        'Asking for the fee',
        async () => amount((await call.paymentInfo(address)).partialFee),
        patience,
      ),
  };
}

export type FeeReads = ReturnType<typeof feeReads>;
export type AccountReads = ReturnType<typeof accountReads>;
