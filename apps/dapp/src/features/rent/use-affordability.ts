import type { Quote } from '@hamster/chain-client/market';
import { computed, type ComputedRef, type Ref } from 'vue';
import { useLive } from '../../chain/use-live.ts';
import type { Offer } from '../../chain/types.ts';
import { useWallet } from '../wallet/wallet.store.ts';
import { rentAction, type Draft } from './draft.ts';
import { loadAffordability, type Affordability } from './rent.api.ts';

const REFRESH_MS = 4000;
/** Stands in for a key that is not there yet: the fee depends on its length alone. */
const TYPICAL_KEY = `ssh-ed25519 ${'A'.repeat(68)} you@laptop`;

export interface Purse {
  readonly known: Ref<Affordability | undefined>;
  /** Planck that are missing for total and fee; zero if the account has enough. */
  readonly missing: ComputedRef<bigint>;
}

/** What the chosen account has, and what the transaction itself would cost. */
export function useAffordability(
  offer: Ref<Offer | null | undefined>,
  draft: Draft,
  quote: Ref<Quote | undefined>,
): Purse {
  const wallet = useWallet();
  const live = useLive(
    async (port) => {
      if (offer.value == null || wallet.address === undefined) return undefined;
      const action = rentAction(offer.value, draft, draft.sshKey || TYPICAL_KEY);
      return loadAffordability(port, wallet.address, action);
    },
    { on: () => `${wallet.address} ${offer.value == null}`, every: REFRESH_MS },
  );
  const missing = computed(() => {
    const known = live.data.value;
    if (known === undefined || quote.value === undefined) return 0n;
    const short = quote.value.total + known.fee - known.balance.transferable;
    return short > 0n ? short : 0n;
  });
  return { known: live.data, missing };
}
