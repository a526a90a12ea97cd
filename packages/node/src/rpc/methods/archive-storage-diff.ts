import { Slices } from '../../slices.ts';
import { sessionMethod, type SessionCall } from '../protocol/method.ts';
import { hash, list, oneOf, optional, record, text, wholeBytes } from '../protocol/params.ts';
import type { Subscription } from '../protocol/subscription.ts';
import { DIFF_RETURN_TYPES, storageDiff, type DiffQuestion } from '../storage-diff.ts';

const DIFF_EVENT = 'archive_v1_storageDiffEvent';
const MAX_ITEMS = 1024;

const ITEM = record('items', {
  key: optional(wholeBytes('key')),
  returnType: oneOf('returnType', DIFF_RETURN_TYPES),
  childTrieKey: optional(wholeBytes('childTrieKey')),
});

const EVERYTHING = [{ key: undefined, returnType: 'value', childTrieKey: undefined }] as const;

/** Child tries are not used by this chain: nothing in them ever differs. */
export const archive_v1_storageDiff = sessionMethod(
  [hash('hash'), optional(list(ITEM, MAX_ITEMS)), optional(hash('previousHash'))],
  (call, block, items = EVERYTHING, previous) => {
    const subscription = call.session.subscribe(DIFF_EVENT, call.afterResponse);
    const queries = items.filter(({ childTrieKey }) => childTrieKey === undefined);
    const question = { block, previous, queries, maxBlocks: call.limits.blockRange };
    call.afterResponse(() => void stream(call, subscription, question));
    return subscription.id;
  },
);

export const archive_v1_stopStorageDiff = sessionMethod([text('subscription')], ({ session }, id) => {
  session.unsubscribe(id, DIFF_EVENT);
  return null;
});

async function stream(call: SessionCall, to: Subscription, question: DiffQuestion): Promise<void> {
  try {
    await tell(call, to, question);
  } catch (error) {
    call.log.error({ err: error }, 'archive_v1_storageDiff failed');
    to.notify({ event: 'storageDiffError', error: 'The storage could not be read to its end' });
  }
  to.end();
}

async function tell({ backend, session }: SessionCall, to: Subscription, question: DiffQuestion) {
  const diff = storageDiff(backend, question);
  if ('error' in diff) return to.notify({ event: 'storageDiffError', error: diff.error });
  const slices = new Slices();
  for (const item of diff.items) {
    if (slices.isOver) await slices.rest();
    await session.drained();
    if (to.ended) return;
    to.notify({ event: 'storageDiff', ...item });
  }
  to.notify({ event: 'storageDiffDone' });
}
