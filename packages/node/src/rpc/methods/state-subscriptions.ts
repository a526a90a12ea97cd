import { fromHex, toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import { ALWAYS_WRITTEN } from '../always-written.ts';
import type { FeedEvent } from '../block-feed.ts';
import { hexOrNull } from '../blocks.ts';
import { isDiscarded } from '../discarded.ts';
import { countTooHigh, unsafeMethod } from '../protocol/errors.ts';
import { alias, sessionMethod, type SessionCall } from '../protocol/method.ts';
import { bytes, list, optional, subscriptionId } from '../protocol/params.ts';
import { type Steps, stepsTask } from '../protocol/steps.ts';
import type { Subscription } from '../protocol/subscription.ts';
import { legacyVersion } from '../runtime-calls.ts';
import { StorageWatch } from '../storage-watch.ts';

const STORAGE_EVENT = 'state_storage';
const VERSION_EVENT = 'state_runtimeVersion';
const MAX_KEYS = 100_000;

/** Without keys: all that each new best block changes, and what it always writes. For the operator. */
function subscribeToAll({ allowUnsafe, backend, feed, session, afterResponse }: SessionCall): string {
  if (!allowUnsafe) throw unsafeMethod();
  const subscription = session.subscribe(STORAGE_EVENT, afterResponse);
  const onBlock = (event: FeedEvent): Steps<void> | undefined =>
    event.isBest ? tellWritten(backend, subscription, event) : undefined;
  subscription.onEnd(feed.subscribe(onBlock, session));
  return subscription.id;
}

function* tellWritten(backend: Backend, to: Subscription, event: FeedEvent): Steps<void> {
  const state = backend.stateAt(event.hash);
  const changed = event.changedKeys();
  if (!state || !changed) return;
  const changes: [string, string | null][] = [];
  try {
    for (const keys of [changed, [...ALWAYS_WRITTEN].filter((key) => !changed.has(key))]) {
      for (const key of keys) {
        const value = hexOrNull(state.get(fromHex(key)));
        if (value !== null || keys === changed) changes.push([key, value]);
        yield 0;
      }
    }
  } catch (error) {
    if (!isDiscarded(error)) throw error;
    return;
  }
  if (changes.length > 0) to.notify({ block: event.hash, changes });
}

/** Every key once at the start; afterwards what a new best block changed or always writes, and nothing for a block that did neither. */
export const state_subscribeStorage = sessionMethod(
  [optional(list(bytes('keys'), MAX_KEYS))],
  (call, keys) => {
    const { backend, feed, limits, session } = call;
    if (!keys) return subscribeToAll(call);
    if (keys.length > limits.keysPerCall) throw countTooHigh(keys.length, limits.keysPerCall);
    const subscription = session.subscribe(STORAGE_EVENT, call.afterResponse);
    const watch = new StorageWatch({
      backend,
      keys: new Map(keys.map((key) => [toHex(key), key])),
      tell: (block, changes) => subscription.notify({ block, changes }),
    });
    const failed = (error: unknown): void => call.log.error({ err: error }, 'state_subscribeStorage failed');
    session.inTurn(stepsTask(watch.start(), failed));
    subscription.onEnd(feed.subscribe((event) => watch.onBlock(event), session));
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
