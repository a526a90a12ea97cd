import { sessionMethod, type SessionCall } from '../protocol/method.ts';
import { hash, list, oneOf, optional, record, text, wholeBytes } from '../protocol/params.ts';
import type { Subscription } from '../protocol/subscription.ts';
import { type StoragePage, storagePages, STORAGE_QUERY_TYPES } from '../storage-pages.ts';

const STORAGE_EVENT = 'archive_v1_storageEvent';
const MAX_ITEMS = 1024;

const ITEM = record('items', {
  key: wholeBytes('key'),
  type: oneOf('type', STORAGE_QUERY_TYPES),
  paginationStartKey: optional(wholeBytes('paginationStartKey')),
});

/** Streams the entries as fast as the client takes them; child tries are not used by this chain. */
export const archive_v1_storage = sessionMethod(
  [hash('hash'), list(ITEM, MAX_ITEMS), optional(wholeBytes('childTrie'))],
  (call, block, items, childTrie) => {
    const { backend, limits } = call;
    const subscription = call.session.subscribe(STORAGE_EVENT, call.afterResponse);
    const state = backend.stateAt(block);
    if (!state) {
      const error = backend.header(block) ? 'The state of this block has been pruned' : 'Block not found';
      subscription.notify({ event: 'storageError', error });
      subscription.end();
      return subscription.id;
    }
    const source = { state, merkleValue: (key: Uint8Array) => backend.closestMerkleValue(block, key) };
    const pageLimits = { items: limits.pageItems, bytes: limits.pageBytes };
    const pages = storagePages(source, childTrie ? [] : items, pageLimits);
    call.afterResponse(() => void stream(call, subscription, pages));
    return subscription.id;
  },
);

export const archive_v1_stopStorage = sessionMethod([text('subscription')], ({ session }, id) => {
  session.unsubscribe(id, STORAGE_EVENT);
  return null;
});

async function stream(call: SessionCall, to: Subscription, pages: Iterable<StoragePage>): Promise<void> {
  try {
    for (const page of pages) {
      await call.session.drained();
      if (to.ended) return;
      for (const item of page.items) to.notify({ event: 'storage', ...item });
    }
    to.notify({ event: 'storageDone' });
  } catch (error) {
    call.log.error({ err: error }, 'archive_v1_storage failed');
    to.notify({ event: 'storageError', error: 'The storage could not be read to its end' });
  }
  to.end();
}
