import type { FeedEvent } from '../block-feed.ts';
import { headerJson } from '../blocks.ts';
import type { BlockId } from '../../backend.ts';
import type { Header } from '../../header.ts';
import { alias, sessionMethod, type SessionCall, type SessionMethod } from '../protocol/method.ts';
import { subscriptionId } from '../protocol/params.ts';

interface HeadStream {
  readonly event: string;
  /** The head that a new subscriber is told first. */
  start(call: SessionCall): BlockId;
  /** Headers to tell for one imported block. */
  headers(call: SessionCall, event: FeedEvent): readonly Header[];
}

const NEW: HeadStream = {
  event: 'chain_newHead',
  start: ({ backend }) => backend.best(),
  headers: (_call, { isBest, header }) => (isBest ? [header] : []),
};

const ALL: HeadStream = {
  event: 'chain_allHead',
  start: ({ backend }) => backend.best(),
  headers: (_call, { isNew, header }) => (isNew ? [header] : []),
};

const FINALIZED: HeadStream = {
  event: 'chain_finalizedHead',
  start: ({ backend }) => backend.finalized(),
  headers: ({ backend }, { newlyFinalized }) =>
    newlyFinalized.map((hash) => backend.header(hash)).filter((header) => header !== undefined),
};

const subscribe = ({ event, start, headers }: HeadStream): SessionMethod =>
  sessionMethod([], (call) => {
    const subscription = call.session.subscribe(event, call.afterResponse);
    const first = call.backend.header(start(call).hash);
    if (first) subscription.notify(headerJson(first));
    const onBlock = (block: FeedEvent): void => {
      for (const header of headers(call, block)) subscription.notify(headerJson(header));
    };
    subscription.onEnd(call.feed.subscribe(onBlock, call.session));
    return subscription.id;
  });

const unsubscribe = ({ event }: HeadStream): SessionMethod =>
  sessionMethod([subscriptionId], ({ session }, id) => session.unsubscribe(id, event));

export const chain_subscribeNewHeads = subscribe(NEW);
export const chain_unsubscribeNewHeads = unsubscribe(NEW);

/** The singular is what @polkadot/api calls; the names without a prefix are the oldest that Substrate serves. */
export const chain_subscribeNewHead = alias(chain_subscribeNewHeads);
export const chain_unsubscribeNewHead = alias(chain_unsubscribeNewHeads);
export const subscribe_newHead = alias(chain_subscribeNewHeads);
export const unsubscribe_newHead = alias(chain_unsubscribeNewHeads);

export const chain_subscribeAllHeads = subscribe(ALL);
export const chain_unsubscribeAllHeads = unsubscribe(ALL);

export const chain_subscribeFinalizedHeads = subscribe(FINALIZED);
export const chain_unsubscribeFinalizedHeads = unsubscribe(FINALIZED);

export const chain_subscribeFinalisedHeads = alias(chain_subscribeFinalizedHeads);
export const chain_unsubscribeFinalisedHeads = alias(chain_unsubscribeFinalizedHeads);
