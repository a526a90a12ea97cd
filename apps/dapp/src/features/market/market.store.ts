import type { OfferOrder } from '@hamster/chain-client/market';
import { defineStore } from 'pinia';
import { reactive, ref } from 'vue';
import { emptySearch } from './search.ts';

/** What the person looks for; kept while they look at offers and come back. */
export const useMarket = defineStore('market', () => {
  const search = reactive(emptySearch());
  const sort = ref<OfferOrder>('price');
  const clear = (): void => {
    Object.assign(search, emptySearch());
  };
  return { search, sort, clear };
});
