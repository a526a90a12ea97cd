import type { ApiPromise } from '@polkadot/api';
import { checkedAddress } from '../codec/address.ts';
import { amount, count } from '../codec/readers.ts';
import { constant, runtimeCall } from '../connection/decorated.ts';
import type { Call } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
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
export function accountReads(link: Link) {
  return {
    /** The time of the best block, ms since 1970; the chain's rules know no other. */
    now: (patience: Patience = {}): Promise<number> => plainValue(link, 'timestamp', 'now', count, patience),

    /** Rejects with `ADDRESS_INVALID` for what is no address. */
    async balance(address: string, patience: Patience = {}): Promise<Balance> {
      checkedAddress(address);
      const deposit = amount(constant(link.api, 'balances', 'existentialDeposit'));
      return plainValue(link, 'system', 'account', (codec) => balanceOf(codec, deposit), patience, address);
    },

    /** Stakes that unbond or have unbonded, and rewards that wait; one entry for each source that has something. */
    withdrawable(address: string, patience: Patience = {}): Promise<Withdrawable[]> {
      const ask = async (api: ApiPromise): Promise<Withdrawable[]> =>
        withdrawables(await runtimeCall(api, 'withdrawableApi', 'withdrawable', address));
      return link.read('Asking what can be withdrawn', ask, patience);
    },

    /** The numbers of the rules, of each pallet. Root may change them at any time. */
    async parameters(patience: Patience = {}) {
      const [provider, resourceOrder, gateway, arbitration] = await Promise.all([
        plainValue(link, 'provider', 'parameters', providerParameters, patience),
        plainValue(link, 'resourceOrder', 'parameters', orderParameters, patience),
        plainValue(link, 'gateway', 'parameters', gatewayParameters, patience),
        plainValue(link, 'arbitration', 'parameters', arbitrationParameters, patience),
      ]);
      return { provider, resourceOrder, gateway, arbitration };
    },

    /** What the transaction would cost the account, in planck, on top of what it pays or holds. */
    fee(call: Call, address: string, patience: Patience = {}): Promise<bigint> {
      return link.read(
        'Asking for the fee',
        async () => amount((await call.paymentInfo(address)).partialFee),
        patience,
      );
    },
  };
}

export type AccountReads = ReturnType<typeof accountReads>;
