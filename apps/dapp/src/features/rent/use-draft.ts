import { parseSshPublicKey, type KeyProblem, type SshPublicKey } from '@hamster/ui/ssh';
import type { Quote } from '@hamster/chain-client/market';
import { computed, inject, reactive, watch, type ComputedRef, type Reactive, type Ref } from 'vue';
import { PAGE } from '../../chain/keys.ts';
import { useSession } from '../../chain/session.store.ts';
import type { Offer } from '../../chain/types.ts';
import { useMarket } from '../market/market.store.ts';
import { clampDraft, limitsOf, quoteOf, type Draft, type Limits } from './draft.ts';
import { recallKey, rememberKey } from './remembered-key.ts';

export interface DraftOfOffer {
  readonly draft: Reactive<Draft>;
  readonly limits: ComputedRef<Limits | undefined>;
  readonly quote: ComputedRef<Quote | undefined>;
  readonly key: ComputedRef<SshPublicKey | undefined>;
  readonly keyProblem: ComputedRef<KeyProblem | undefined>;
}

/** Starts with what was looked for in the market, and stays inside of what the offer can give. */
export function useDraft(offer: Ref<Offer | null | undefined>): DraftOfOffer {
  const session = useSession();
  const { search } = useMarket();
  const page = inject(PAGE);
  const draft = reactive<Draft>({
    spec: { ...search.spec },
    hours: search.hours,
    image: search.image,
    sshKey: page === undefined ? '' : recallKey(page.storage),
  });

  const limits = computed(() => {
    const { rules, head } = session;
    if (offer.value == null || rules === undefined || head === undefined) return undefined;
    return limitsOf(offer.value, rules, head.now);
  });
  const quote = computed(() => {
    if (offer.value == null || session.rules === undefined) return undefined;
    return quoteOf(offer.value, draft, session.rules);
  });
  const parsed = computed(() => parseSshPublicKey(draft.sshKey));
  const key = computed(() => ('key' in parsed.value ? parsed.value.key : undefined));
  const keyProblem = computed(() => ('problem' in parsed.value ? parsed.value.problem : undefined));

  watch(limits, (now) => {
    if (now !== undefined) Object.assign(draft, clampDraft(draft, now));
  });
  watch(
    () => offer.value?.images,
    (images) => {
      if (images !== undefined && !images.includes(draft.image)) draft.image = images[0] ?? '';
    },
  );
  watch(key, (valid) => {
    if (valid !== undefined && page !== undefined) rememberKey(page.storage, valid.line);
  });
  return { draft, limits, quote, key, keyProblem };
}
