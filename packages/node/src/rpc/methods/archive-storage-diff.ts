import { isDiscarded } from '../discarded.ts';
import { alias, sessionMethod, type SessionCall } from '../protocol/method.ts';
import { discardedState, RpcError } from '../protocol/errors.ts';
import { archiveHex } from '../protocol/hex-text.ts';
import { hash, list, oneOf, optional, record, subscriptionId, text } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';
import type { Subscription } from '../protocol/subscription.ts';
import { DIFF_RETURN_TYPES, storageDiff, type DiffQuery, type DiffQuestion } from '../storage-diff.ts';

const DIFF_EVENT = 'archive_v1_storageDiffEvent';
const MAX_ITEMS = 1024;
const UNREADABLE = 'The storage could not be read to its end';

const ITEM = record('items', {
  key: optional(text('key')),
  returnType: oneOf('returnType', DIFF_RETURN_TYPES),
  childTrieKey: optional(text('childTrieKey')),
});

const EVERYTHING = [{ key: undefined, returnType: 'value', childTrieKey: undefined }] as const;

/** Child tries are not used by this chain: nothing in them ever differs. */
export const archive_v1_storageDiff = sessionMethod(
  [hash('hash'), optional(list(ITEM, MAX_ITEMS)), optional(hash('previousHash'))],
  (call, block, items = [], previous) => {
    const subscription = call.session.subscribe(DIFF_EVENT, call.afterResponse);
    const asked = items.length > 0 ? items : EVERYTHING;
    const question = { block, previous, items: asked, maxBlocks: call.limits.blockRange };
    const steps = stream(call, subscription, question);
    call.afterResponse(() => call.session.stepByStep(subscription, steps));
    return subscription.id;
  },
);

/** Whether there was such a subscription, as with Substrate; the specification has null. */
export const archive_v1_stopStorageDiff = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, DIFF_EVENT),
);

/** The name of it in Substrate; the one above is that of the specification. */
export const archive_v1_storageDiff_stopStorageDiff = alias(archive_v1_stopStorageDiff);

interface Question extends Omit<DiffQuestion, 'queries'> {
  readonly items: readonly ReturnType<typeof ITEM.parse>[];
}

function* stream(call: SessionCall, to: Subscription, question: Question): Generator<void, void> {
  try {
    yield* tell(call, to, question);
  } catch (error) {
    const isGone = isDiscarded(error);
    if (!isGone) call.log.error({ err: error }, 'archive_v1_storageDiff failed');
    to.notify({ event: 'storageDiffError', error: isGone ? discardedState(question.block) : UNREADABLE });
  }
  to.end();
}

function* tell(call: SessionCall, to: Subscription, { items, ...asked }: Question) {
  const queries = queriesOf(items);
  const diff =
    'error' in queries ? queries : yield* keep(call, to, storageDiff(call.backend, { ...asked, queries }));
  if ('error' in diff) return to.notify({ event: 'storageDiffError', error: diff.error });
  for (const item of diff.items) {
    if (item) to.notify({ event: 'storageDiff', ...item });
    yield;
  }
  to.notify({ event: 'storageDiffDone' });
}

/** Counts what is gathered as kept until the subscription ends. */
function* keep<T>({ session }: SessionCall, to: Subscription, steps: Steps<T>): Generator<void, T> {
  let gathered = 0;
  to.onEnd(() => session.keeps(-gathered));
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    gathered += next.value;
    session.keeps(next.value);
    yield;
  }
}

/** Those in the main trie, or what Substrate says of a key that is none. */
function queriesOf(items: Question['items']): DiffQuery[] | { readonly error: string } {
  try {
    const queries: DiffQuery[] = [];
    for (const { key, returnType, childTrieKey } of items) {
      const query = { key: key === undefined ? undefined : archiveHex('key').parse(key), returnType };
      if (childTrieKey === undefined) queries.push(query);
      else archiveHex('childTrieKey').parse(childTrieKey);
    }
    return queries;
  } catch (error) {
    if (error instanceof RpcError) return { error: error.message };
    throw error;
  }
}
