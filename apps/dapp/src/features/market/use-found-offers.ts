import { offerOrder } from '@hamster/chain-client/market';
import { computed, type ComputedRef } from 'vue';
import { useSession } from '../../chain/session.store.ts';
import { useLive, type Live } from '../../chain/use-live.ts';
import type { Offer } from '../../chain/types.ts';
import { loadOffers } from './market.api.ts';
import { useMarket } from './market.store.ts';
import { findOffers, type FoundOffer } from './search.ts';

const REFRESH_MS = 3000;

export interface FoundOffers {
  readonly live: Live<readonly Offer[]>;
  readonly found: ComputedRef<FoundOffer[]>;
  /** All images and regions on offer, for the filters. */
  readonly images: ComputedRef<string[]>;
  readonly regions: ComputedRef<string[]>;
}

export function useFoundOffers(): FoundOffers {
  const session = useSession();
  const market = useMarket();
  const live = useLive(loadOffers, { every: REFRESH_MS });
  const all = computed(() => live.data.value ?? []);
  const found = computed(() => {
    const now = session.head?.now ?? 0;
    const hour = session.rules?.hour ?? 0;
    const compare = offerOrder(market.sort, market.search.spec);
    return findOffers(all.value, market.search, { now, hour }).sort((a, b) => compare(a.offer, b.offer));
  });
  const images = computed(() => distinct(all.value.flatMap((offer) => offer.images)));
  const regions = computed(() => distinct(all.value.map((offer) => offer.region)));
  return { live, found, images, regions };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))].sort((a, b) => a.localeCompare(b));
}
