import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useWallet } from '../features/wallet/wallet.store.ts';
import { ChainUnreachable } from '@hamster/chain-client/errors';
import { useSession } from './session.store.ts';
import type { Action, Outcome } from './types.ts';

export type SubmitPhase = 'idle' | 'signing' | 'submitted' | 'done' | 'failed';

export interface Submit {
  readonly phase: Ref<SubmitPhase>;
  readonly error: ShallowRef<unknown>;
  /** Signs with the chosen account and waits for the block; `undefined` if it failed, then `error` says why. */
  run(action: Action): Promise<Outcome | undefined>;
  reset(): void;
}

/** One action of the person on the chain, with what a page has to show of it. */
export function useSubmit(): Submit {
  const session = useSession();
  const wallet = useWallet();
  const phase = ref<SubmitPhase>('idle');
  const error = shallowRef<unknown>();
  const gone = new AbortController();
  onScopeDispose(() => gone.abort());

  async function run(action: Action): Promise<Outcome | undefined> {
    phase.value = 'signing';
    error.value = undefined;
    try {
      const outcome = await send(action);
      phase.value = 'done';
      return outcome;
    } catch (cause) {
      error.value = cause;
      phase.value = 'failed';
      return undefined;
    }
  }

  async function send(action: Action): Promise<Outcome> {
    if (session.port === undefined) throw new ChainUnreachable('There is no connection to a node.');
    return session.port.submit(action, wallet.signer(), {
      signal: gone.signal,
      onSubmitted: () => (phase.value = 'submitted'),
    });
  }

  function reset(): void {
    phase.value = 'idle';
    error.value = undefined;
  }

  return { phase, error, run, reset };
}
