import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';
import { useSession } from './session.store.ts';

const TICK_MS = 1000;

/** The chain's clock in ms, running on between blocks; `undefined` before the first block is seen. */
export function useChainNow(): ComputedRef<number | undefined> {
  const session = useSession();
  const page = ref(Date.now());
  const ticker = setInterval(() => (page.value = Date.now()), TICK_MS);
  onScopeDispose(() => clearInterval(ticker));
  return computed(() => {
    const { head, headSeenAt } = session;
    return head === undefined ? undefined : head.now + Math.max(0, page.value - headSeenAt);
  });
}
