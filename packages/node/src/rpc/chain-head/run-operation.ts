import { toHex } from '@hamster/crypto';
import { oneSlice, Slices } from '../../slices.ts';
import type { SessionCall } from '../protocol/method.ts';
import type { Hash } from '../../header.ts';
import { isDiscarded } from '../discarded.ts';
import { ERROR_CODES, RpcError } from '../protocol/errors.ts';
import { executionFault } from '../runtime-calls.ts';
import {
  isDescendants,
  type StorageItem,
  storagePages,
  type StoragePage,
  type StorageQuery,
} from '../storage-pages.ts';
import type { Follow } from './follow.ts';
import type { Operation } from './operations.ts';

export const LIMIT_REACHED = { result: 'limitReached' } as const;

/** What an operation runs on. */
export interface Target {
  readonly call: SessionCall;
  readonly follow: Follow;
  readonly hash: Hash;
}

/** Looks the follow up and checks that the block is pinned; undefined for a follow that is over. */
export function pinnedTarget(call: SessionCall, followId: string, hash: Hash): Target | undefined {
  const follow = call.session.follows.get(followId);
  if (!follow) return undefined;
  if (!follow.isPinned(hash)) throw notPinned();
  return { call, follow, hash };
}

export const notPinned = (): RpcError => new RpcError(ERROR_CODES.blockNotPinned, 'Invalid block hash');

export function startBody(target: Target | undefined): object {
  return startOne(target, ({ call, hash }) => {
    const body = call.backend.body(hash);
    if (!body) return { event: 'operationInaccessible' };
    return { event: 'operationBodyDone', value: body.map((extrinsic) => toHex(extrinsic)) };
  });
}

export function startCall(target: Target | undefined, name: string, args: Uint8Array): object {
  const operation = target?.follow.operations.start(1);
  if (!target || !operation) return LIMIT_REACHED;
  const { call, hash } = target;
  later(target, operation, () => {
    if (!call.backend.stateAt(hash)) return finish(target, operation, { event: 'operationInaccessible' });
    goOnCalling(target, operation, callSteps(target, name, args));
  });
  return { result: 'started', operationId: operation.id };
}

function* callSteps({ call, hash }: Target, name: string, args: Uint8Array): Generator<void, object> {
  try {
    const output = toHex(yield* call.backend.callRuntimeInSteps(hash, name, args));
    return { event: 'operationCallDone', output };
  } catch (error) {
    if (isDiscarded(error)) throw error;
    return { event: 'operationError', error: executionFault(error) };
  }
}

/** A slice of it, and the rest when it is the client's turn again. */
function goOnCalling(target: Target, operation: Operation, steps: Generator<void, object>): void {
  const { done, value } = oneSlice(steps);
  if (done) finish(target, operation, value);
  else schedule(target, operation, () => goOnCalling(target, operation, steps));
}

interface StorageRequest {
  /** Items that were asked for. */
  readonly slots: number;
  readonly queries: readonly StorageQuery[];
}

/**
 * As Substrate, all items are read when there is room for one of them at least, and none is discarded. A request for nothing
 * finds no room.
 */
export function startStorage(target: Target | undefined, { slots, queries }: StorageRequest): object {
  const operations = target?.follow.operations;
  const operation = operations?.start(Math.min(slots, operations.free));
  if (!target || !operation) return LIMIT_REACHED;
  later(target, operation, () => beginStorage(target, operation, queries));
  return { result: 'started', operationId: operation.id, discardedItems: 0 };
}

function startOne(target: Target | undefined, run: (target: Target) => object): object {
  const operation = target?.follow.operations.start(1);
  if (!target || !operation) return LIMIT_REACHED;
  later(target, operation, () => finish(target, operation, run(target)));
  return { result: 'started', operationId: operation.id };
}

/** Runs once the client has its operationId. */
function later(target: Target, operation: Operation, work: () => void): void {
  target.call.afterResponse(() => schedule(target, operation, work));
}

/** Runs when it is the client's turn, so that other clients, and a stop, can come in between. */
function schedule(target: Target, operation: Operation, work: () => void): void {
  target.call.session.inTurn(() => void attempt(target, operation, work));
}

function attempt({ call, follow }: Target, operation: Operation, work: () => void): void {
  if (operation.stopped) return;
  try {
    work();
  } catch (error) {
    if (!isDiscarded(error)) call.log.error({ err: error }, 'A chainHead operation failed');
    follow.notify({ event: 'operationInaccessible', operationId: operation.id });
    follow.operations.finish(operation);
  }
}

function finish({ follow }: Target, operation: Operation, event: object): void {
  follow.notify({ ...event, operationId: operation.id });
  follow.operations.finish(operation);
}

function beginStorage(target: Target, operation: Operation, queries: readonly StorageQuery[]): void {
  const { call, hash } = target;
  const state = call.backend.stateAt(hash);
  if (!state) return finish(target, operation, { event: 'operationInaccessible' });
  const source = { state, merkleValue: (key: Uint8Array) => call.backend.closestMerkleValue(hash, key) };
  const limits = { items: call.limits.pageItems, bytes: call.limits.pageBytes };
  // Values first: only the `descendants…` part may make the client wait.
  const ordered = [...queries.filter((each) => !isDescendants(each)), ...queries.filter(isDescendants)];
  sendPages(target, operation, storagePages(source, ordered, limits));
}

/** What was read and not sent yet. */
interface Gathered {
  readonly items: StorageItem[];
  readonly size: number;
}

function sendPages(
  target: Target,
  operation: Operation,
  pages: Iterator<StoragePage>,
  { items, size }: Gathered = { items: [], size: 0 },
): void {
  const { follow } = target;
  const { pageItems, pageBytes } = target.call.limits;
  const slices = new Slices();
  for (let next = pages.next(); !next.done; next = pages.next()) {
    items.push(...next.value.items);
    size += next.value.bytes;
    const { pausable } = next.value;
    if (size >= pageBytes || (pausable && items.length >= pageItems)) {
      follow.notify({ event: 'operationStorageItems', operationId: operation.id, items });
      return pausable ? waitForContinue(target, operation, pages) : goOn(target, operation, pages);
    }
    if (slices.isOver) {
      const gathered = { items, size };
      return schedule(target, operation, () => sendPages(target, operation, pages, gathered));
    }
  }
  if (items.length > 0) {
    follow.notify({ event: 'operationStorageItems', operationId: operation.id, items });
  }
  finish(target, operation, { event: 'operationStorageDone' });
}

/** When the client has taken most of what was sent: single values it is not made to ask for again. */
function goOn(target: Target, operation: Operation, pages: Iterator<StoragePage>): void {
  const rest = (): void => attempt(target, operation, () => sendPages(target, operation, pages));
  target.call.session.whenDrained(rest);
}

function waitForContinue(target: Target, operation: Operation, pages: Iterator<StoragePage>): void {
  operation.resume = () => {
    operation.resume = undefined;
    schedule(target, operation, () => sendPages(target, operation, pages));
  };
  target.follow.notify({ event: 'operationWaitingForContinue', operationId: operation.id });
}
