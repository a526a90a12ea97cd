import { defineStore } from 'pinia';
import { computed, inject, ref, shallowRef } from 'vue';
import { CONNECT_CHAIN } from './keys.ts';
import type { ChainPort, ConnectionState } from './port.ts';
import type { ChainIdentity, Head, OrderParameters } from './types.ts';

export type SessionPhase = 'connecting' | 'online' | 'offline' | 'failed';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** The page's connection to a chain: one at a time, retried until it is there. */
export const useSession = defineStore('session', () => {
  const connect = inject(CONNECT_CHAIN);
  const phase = ref<SessionPhase>('connecting');
  const url = ref('');
  const port = shallowRef<ChainPort>();
  const identity = shallowRef<ChainIdentity>();
  const rules = shallowRef<OrderParameters>();
  const head = shallowRef<Head>();
  /** Why the last attempt to connect failed. */
  const failure = shallowRef<unknown>();
  /** By the page's clock; the chain's clock runs on from there. */
  const headSeenAt = ref(0);
  const isDevelopment = computed(() => identity.value?.type === 'Development');

  let attempt: AbortController | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** Leaves the present chain, if any, and connects to this node. */
  async function use(nodeUrl: string): Promise<void> {
    leave();
    url.value = nodeUrl;
    await open(FIRST_RETRY_MS);
  }

  async function open(retryIn: number): Promise<void> {
    attempt?.abort();
    clearTimeout(retryTimer);
    const current = (attempt = new AbortController());
    if (phase.value !== 'failed') phase.value = 'connecting';
    try {
      const opened = await openPort(current.signal);
      if (current.signal.aborted) await opened.port.close();
      else adopt(opened);
    } catch (cause) {
      if (current.signal.aborted) return;
      failure.value = cause;
      retryLater(retryIn);
    }
  }

  async function openPort(signal: AbortSignal): Promise<{ port: ChainPort; rules: OrderParameters }> {
    if (connect === undefined) throw new TypeError('No way to connect to a chain was provided to the page');
    const opened = await connect(url.value, signal);
    try {
      return { port: opened, rules: await opened.rules() };
    } catch (cause) {
      await opened.close();
      throw cause;
    }
  }

  function adopt(opened: { port: ChainPort; rules: OrderParameters }): void {
    rules.value = opened.rules;
    identity.value = opened.port.identity;
    port.value = opened.port;
    phase.value = 'online';
    opened.port.onHead((seen) => {
      if (port.value !== opened.port) return;
      head.value = seen;
      headSeenAt.value = Date.now();
    });
    opened.port.onState((state) => {
      if (port.value === opened.port) follow(state);
    });
  }

  /** A development chain that was started afresh ends the connection: then everything is read anew. */
  function follow(state: ConnectionState): void {
    if (state !== 'closed') phase.value = state === 'connected' ? 'online' : 'offline';
    else void use(url.value);
  }

  function retryLater(ms: number): void {
    phase.value = 'failed';
    retryTimer = setTimeout(() => void open(Math.min(ms * 2, LONGEST_RETRY_MS)), ms);
  }

  function leave(): void {
    attempt?.abort();
    clearTimeout(retryTimer);
    const left = port.value;
    port.value = undefined;
    void left?.close();
    phase.value = 'connecting';
    identity.value = undefined;
    rules.value = undefined;
    head.value = undefined;
  }

  const retry = (): Promise<void> => open(FIRST_RETRY_MS);

  return { phase, failure, url, port, identity, rules, head, headSeenAt, isDevelopment, use, retry };
});
