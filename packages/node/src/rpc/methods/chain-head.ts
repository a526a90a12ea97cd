import { toHex } from '@hamster/crypto';
import type { Hash } from '../../header.ts';
import type { Task } from '../../turns.ts';
import { Follow } from '../chain-head/follow.ts';
import {
  LIMIT_REACHED,
  notPinned,
  pinnedTarget,
  startBody,
  startCall,
  startStorage,
} from '../chain-head/run-operation.ts';
import { ERROR_CODES, RpcError } from '../protocol/errors.ts';
import { chainHeadHex } from '../protocol/hex-text.ts';
import { sessionMethod, sharedMethod } from '../protocol/method.ts';
import {
  flag,
  hash,
  list,
  oneOf,
  optional,
  type Param,
  record,
  subscriptionId,
  text,
} from '../protocol/params.ts';
import { STORAGE_QUERY_TYPES } from '../storage-pages.ts';

const FOLLOW_EVENT = 'chainHead_v1_followEvent';
const MAX_ITEMS = 1024;
const MAX_UNPIN = 4096;

const FOLLOW = text('followSubscription');
const HASH = hash('hash');
const OPERATION = text('operationId');
const KEY = chainHeadHex('key');
const CHILD_TRIE = chainHeadHex('childTrie');
/** Keys are texts until it is known that the follow is there, as with Substrate. */
const ITEM = record('items', { key: text('key'), type: oneOf('type', STORAGE_QUERY_TYPES) });

const hashOrHashes: Param<readonly Hash[]> = {
  name: 'hashOrHashes',
  parse: (value) =>
    Array.isArray(value)
      ? list(hash('hashOrHashes'), MAX_UNPIN).parse(value)
      : [hash('hashOrHashes').parse(value)],
};

export const chainHead_v1_follow = sessionMethod([flag('withRuntime')], (call, withRuntime) => {
  const { backend, feed, limits, session } = call;
  if (session.follows.size >= limits.followsPerConnection) {
    throw new RpcError(ERROR_CODES.followLimit, 'Maximum number of chainHead_follow has been reached');
  }
  const subscription = session.subscribe(FOLLOW_EVENT, call.afterResponse);
  const inTurn = (task: Task): void => session.inTurn(task);
  const follow = new Follow({ backend, limits, subscription, withRuntime, inTurn });
  session.follows.set(follow.id, follow);
  subscription.onEnd(() => session.follows.delete(follow.id));
  subscription.onEnd(feed.subscribe((event) => follow.onBlock(event), session));
  follow.start();
  return follow.id;
});

/** Whether there was such a follow: as with every subscription of Substrate, though the specification has null. */
export const chainHead_v1_unfollow = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, FOLLOW_EVENT),
);

export const chainHead_v1_header = sharedMethod([FOLLOW, HASH], (call, id, block) => {
  const target = pinnedTarget(call, id, block);
  const header = target && call.backend.encodedHeader(block);
  return header ? toHex(header) : null;
});

export const chainHead_v1_body = sharedMethod([FOLLOW, HASH], (call, id, block) =>
  startBody(pinnedTarget(call, id, block)),
);

export const chainHead_v1_call = sharedMethod(
  [FOLLOW, HASH, text('function'), chainHeadHex('callParameters')],
  (call, id, block, name, args) => {
    const target = pinnedTarget(call, id, block);
    if (target && !target.follow.withRuntime) {
      const message = 'The `chainHead_follow` subscription was started with `withRuntime` set to `false`';
      throw new RpcError(ERROR_CODES.followWithoutRuntime, message);
    }
    return startCall(target, name, args);
  },
);

/** Child tries are not used by this chain: a query in one finds nothing. */
export const chainHead_v1_storage = sharedMethod(
  [FOLLOW, HASH, list(ITEM, MAX_ITEMS), optional(text('childTrie'))],
  (call, id, block, items, childTrie) => {
    if (!call.session.follows.has(id)) return LIMIT_REACHED;
    const queries = items.map(({ key, type }) => ({ key: KEY.parse(key), type }));
    if (childTrie !== undefined) CHILD_TRIE.parse(childTrie);
    const found = childTrie === undefined ? queries : [];
    return startStorage(pinnedTarget(call, id, block), { slots: items.length, queries: found });
  },
);

export const chainHead_v1_continue = sharedMethod([FOLLOW, OPERATION], ({ session }, id, operationId) => {
  const operation = session.follows.get(id)?.operations.get(operationId);
  if (!operation) return null;
  if (!operation.resume) {
    const message = 'Wait for continue event was not generated for the subscription';
    throw new RpcError(ERROR_CODES.notWaitingForContinue, message);
  }
  operation.resume();
  return null;
});

export const chainHead_v1_stopOperation = sharedMethod(
  [FOLLOW, OPERATION],
  ({ session }, id, operationId) => {
    const operations = session.follows.get(id)?.operations;
    const operation = operations?.get(operationId);
    if (operation) operations?.finish(operation);
    return null;
  },
);

/** Unpins all of the given blocks, or none when one of them is not pinned or given twice. */
export const chainHead_v1_unpin = sharedMethod([FOLLOW, hashOrHashes], ({ session }, id, hashes) => {
  const follow = session.follows.get(id);
  if (!follow) return null;
  if (new Set(hashes).size < hashes.length) {
    throw new RpcError(
      ERROR_CODES.duplicateHashes,
      'Received duplicate hashes for the `chainHead_unpin` method',
    );
  }
  if (!hashes.every((each) => follow.isPinned(each))) throw notPinned();
  follow.unpin(hashes);
  return null;
});
