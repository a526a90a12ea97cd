import type { DispatchError } from '@polkadot/types/interfaces';
import type { EventRecord } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { Result } from '#polkadot/types';
import { DispatchFailed } from '../errors.ts';
import { SENTENCES } from './sentences.ts';

/** What a failed dispatch means to a person. */
export function dispatchFailed(error: DispatchError): DispatchFailed {
  const { pallet, name, docs } = identify(error);
  const fallback = docs || `The chain refused the call: ${pallet}.${name}.`;
  return new DispatchFailed({
    pallet,
    error: name,
    docs,
    sentence: SENTENCES[`${pallet}.${name}`] ?? fallback,
  });
}

/**
 * The error inside a call that itself succeeded: sudo and batches report failures as events, and a caller who does not
 * look takes them for success.
 */
export function wrappedFailure(records: readonly EventRecord[]): DispatchFailed | undefined {
  for (const { event } of records) {
    if (event.section === 'utility' && event.method === 'BatchInterrupted')
      return dispatchFailed(event.data[1] as DispatchError);
    const outcome: Codec | undefined = event.section === 'sudo' ? event.data[0] : undefined;
    if (outcome instanceof Result && outcome.isErr)
      return dispatchFailed(outcome.asErr as unknown as DispatchError);
  }
  return undefined;
}

function identify(error: DispatchError): { pallet: string; name: string; docs: string } {
  if (error.isModule) {
    const { section, name, docs } = error.registry.findMetaError(error.asModule);
    return { pallet: section, name, docs: docs.join(' ').trim() };
  }
  if (error.isToken) return { pallet: 'token', name: error.asToken.type, docs: '' };
  if (error.isArithmetic) return { pallet: 'arithmetic', name: error.asArithmetic.type, docs: '' };
  return { pallet: 'system', name: error.type, docs: '' };
}
