import type { Hash } from '../../header.ts';
import { isDiscarded } from '../discarded.ts';
import { sessionMethod, type SessionCall } from '../protocol/method.ts';
import { discardedState, ERROR_CODES, RpcError, unknownHeader } from '../protocol/errors.ts';
import { archiveHex, invalidParameter } from '../protocol/hex-text.ts';
import { hash, list, oneOf, optional, record, subscriptionId, text } from '../protocol/params.ts';
import type { Subscription } from '../protocol/subscription.ts';
import {
  isDescendants,
  type StoragePage,
  storagePages,
  type StorageQuery,
  STORAGE_QUERY_TYPES,
} from '../storage-pages.ts';

const STORAGE_EVENT = 'archive_v1_storageEvent';
const MAX_ITEMS = 1024;
const UNREADABLE = 'The storage could not be read to its end';
const NO_PAGES = 'paginationStartKey is only valid for descendantsValues and descendantsHashes query types';

const ITEM = record('items', {
  key: text('key'),
  type: oneOf('type', STORAGE_QUERY_TYPES),
  paginationStartKey: optional(text('paginationStartKey')),
});

type Item = ReturnType<typeof ITEM.parse>;

/** Streams the entries as fast as the client takes them; what is wrong with the items is told by an event, too. */
export const archive_v1_storage = sessionMethod(
  [hash('hash'), list(ITEM, MAX_ITEMS), optional(text('childTrie'))],
  (call, block, items, childTrie) => {
    const subscription = call.session.subscribe(STORAGE_EVENT, call.afterResponse);
    const pages = pagesOf(call, { block, items, childTrie });
    if ('error' in pages) {
      subscription.notify({ event: 'storageError', error: pages.error });
      subscription.end();
    } else {
      const steps = stream(call, subscription, { block, pages });
      call.afterResponse(() => call.session.stepByStep(subscription, steps));
    }
    return subscription.id;
  },
);

interface Question {
  readonly block: Hash;
  readonly items: readonly Item[];
  readonly childTrie: string | undefined;
}

function pagesOf(
  { backend, limits }: SessionCall,
  { block, items, childTrie }: Question,
): Iterable<StoragePage> | { readonly error: string } {
  try {
    const queries = items.map(queryOf);
    if (childTrie !== undefined) archiveHex('childTrie').parse(childTrie);
    const state = backend.stateAt(block);
    if (!state) return { error: backend.header(block) ? discardedState(block) : unknownHeader(block) };
    const source = { state, merkleValue: (key: Uint8Array) => backend.closestMerkleValue(block, key) };
    // Child tries are not used by this chain: all of them are empty.
    const asked = childTrie ? [] : queries;
    return storagePages(source, asked, { items: limits.pageItems, bytes: limits.pageBytes });
  } catch (error) {
    if (error instanceof RpcError) return { error: error.message };
    throw error;
  }
}

/** Throws `RpcError` with what Substrate says of a key that is none. */
function queryOf({ key, type, paginationStartKey }: Item): StorageQuery {
  const query = { key: archiveHex('key').parse(key), type };
  if (paginationStartKey === undefined) return query;
  if (!isDescendants(query)) throw invalidParameter(ERROR_CODES.archiveParameter, NO_PAGES);
  return { ...query, paginationStartKey: archiveHex('paginationStartKey').parse(paginationStartKey) };
}

/** Whether there was such a subscription, as with Substrate; the specification has null. */
export const archive_v1_stopStorage = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, STORAGE_EVENT),
);

interface Found {
  readonly block: Hash;
  readonly pages: Iterable<StoragePage>;
}

function* stream(call: SessionCall, to: Subscription, { block, pages }: Found): Generator<void, void> {
  try {
    for (const page of pages) {
      for (const item of page.items) to.notify({ event: 'storage', ...item });
      yield;
    }
    to.notify({ event: 'storageDone' });
  } catch (error) {
    const isGone = isDiscarded(error);
    if (!isGone) call.log.error({ err: error }, 'archive_v1_storage failed');
    to.notify({ event: 'storageError', error: isGone ? discardedState(block) : UNREADABLE });
  }
  to.end();
}
