import { fromHex, toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import type { FeedEvent } from '../block-feed.ts';
import type { Hash } from '../../header.ts';
import { hexOrNull, stateAt } from '../blocks.ts';
import { countTooHigh, unsafeMethod } from '../protocol/errors.ts';
import { alias, sessionMethod, type SessionCall } from '../protocol/method.ts';
import { bytes, list, optional, subscriptionId } from '../protocol/params.ts';
import { legacyVersion } from '../runtime-calls.ts';

const STORAGE_EVENT = 'state_storage';
const VERSION_EVENT = 'state_runtimeVersion';
const MAX_KEYS = 100_000;

/** Without keys: all that each new best block writes. For the operator. */
function subscribeToAll({ allowUnsafe, backend, feed, session, afterResponse }: SessionCall): string {
  if (!allowUnsafe) throw unsafeMethod();
  const subscription = session.subscribe(STORAGE_EVENT, afterResponse);
  const onBlock = (event: FeedEvent): void => {
    const state = event.isBest && backend.stateAt(event.hash);
    if (!state) return;
    const written = [...(event.changedKeys() ?? [])];
    const changes = written.map((key) => [key, hexOrNull(state.get(fromHex(key)))]);
    if (changes.length > 0) subscription.notify({ block: event.hash, changes });
  };
  subscription.onEnd(feed.subscribe(onBlock));
  return subscription.id;
}

/** Every key once at the start; afterwards only what a new best block changed, and nothing for a block that changed none. */
export const state_subscribeStorage = sessionMethod(
  [optional(list(bytes('keys'), MAX_KEYS))],
  (call, keys) => {
    const { backend, feed, limits, session } = call;
    if (!keys) return subscribeToAll(call);
    if (keys.length > limits.keysPerCall) throw countTooHigh(keys.length, limits.keysPerCall);
    const subscription = session.subscribe(STORAGE_EVENT, call.afterResponse);
    const watched = new Map(keys.map((key) => [toHex(key), key]));
    const { hash, state } = stateAt(backend, undefined);
    const initial = [...watched].map(([name, key]) => [name, hexOrNull(state.get(key))]);
    subscription.notify({ block: hash, changes: initial });
    let last = hash;
    const onBlock = (event: FeedEvent): void => {
      if (!event.isBest) return;
      const changes = changesBetween(backend, watched, last, event);
      last = event.hash;
      if (changes.length > 0) subscription.notify({ block: event.hash, changes });
    };
    subscription.onEnd(feed.subscribe(onBlock));
    return subscription.id;
  },
);

export const state_unsubscribeStorage = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, STORAGE_EVENT),
);

/** The version once: this runtime never changes while the node runs. */
export const state_subscribeRuntimeVersion = sessionMethod([], ({ backend, session, afterResponse }) => {
  const subscription = session.subscribe(VERSION_EVENT, afterResponse);
  subscription.notify(legacyVersion(backend.runtime.version));
  return subscription.id;
});

export const state_unsubscribeRuntimeVersion = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, VERSION_EVENT),
);

export const chain_subscribeRuntimeVersion = alias(state_subscribeRuntimeVersion);

export const chain_unsubscribeRuntimeVersion = alias(state_unsubscribeRuntimeVersion);

/** Watched keys whose values differ between the last block told and this one. */
function changesBetween(
  backend: Backend,
  watched: ReadonlyMap<string, Uint8Array>,
  last: Hash,
  event: FeedEvent,
): [string, string | null][] {
  const after = backend.stateAt(event.hash);
  if (!after) return [];
  const before = backend.stateAt(last);
  // Only for a child of the last block told does the block's own change set say everything.
  const written = event.header.parentHash === last ? event.changedKeys() : undefined;
  const changes: [string, string | null][] = [];
  for (const [name, key] of watched) {
    if (written && !written.has(name)) continue;
    const value = hexOrNull(after.get(key));
    if (!before || hexOrNull(before.get(key)) !== value) changes.push([name, value]);
  }
  return changes;
}
