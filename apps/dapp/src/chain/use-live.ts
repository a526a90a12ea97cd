import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ChainPort } from './port.ts';
import { useSession } from './session.store.ts';

export interface Live<T> {
  /** `undefined` until the first answer; afterwards the last good one, even while a newer read fails. */
  readonly data: ShallowRef<T | undefined>;
  readonly error: ShallowRef<unknown>;
  readonly loading: Ref<boolean>;
  refresh(): Promise<void>;
}

export interface LiveOptions {
  /** Reads anew, and forgets the old answer, when this changes. */
  readonly on?: () => unknown;
  /** Shortest time between two reads in ms; blocks in between are skipped. */
  readonly every?: number;
}

/** A read that follows the chain: repeated with new blocks, one at a time, the answers of old questions dropped. */
export function useLive<T>(read: (port: ChainPort) => Promise<T>, options: LiveOptions = {}): Live<T> {
  const session = useSession();
  const data = shallowRef<T>();
  const error = shallowRef<unknown>();
  const loading = ref(true);
  let question = 0;
  let running = false;
  let lastRead = 0;

  async function refresh(): Promise<void> {
    const { port } = session;
    if (port === undefined) return;
    const asked = question;
    running = true;
    lastRead = Date.now();
    try {
      const answer = await read(port);
      if (asked === question) settle(answer, undefined);
    } catch (cause) {
      if (asked === question) settle(data.value, cause);
    } finally {
      if (asked === question) running = false;
    }
  }

  function settle(answer: T | undefined, cause: unknown): void {
    data.value = answer;
    error.value = cause;
    loading.value = false;
  }

  function restart(): void {
    question += 1;
    running = false;
    loading.value = true;
    settle(undefined, undefined);
    loading.value = true;
    void refresh();
  }

  watch([() => session.port, () => options.on?.()], restart, { immediate: true });
  watch(
    () => session.head,
    () => {
      if (!running && Date.now() - lastRead >= (options.every ?? 0)) void refresh();
    },
  );
  onScopeDispose(() => (question += 1));
  return { data, error, loading, refresh };
}
