import { randomBytes } from 'node:crypto';
import type { Task } from '../../turns.ts';
import type { Follow } from '../chain-head/follow.ts';
import type { Broadcast } from '../methods/broadcast.ts';
import { tooManySubscriptions } from './errors.ts';
import { Subscription } from './subscription.ts';

/** The connection under a session. */
export interface Transport {
  /** Drops the whole connection when too much is waiting to be sent. */
  send(text: string): void;
  /** Whether the client has taken most of what was sent. */
  keepsUp(): boolean;
  /** Resolves once it has; never, if it goes before. */
  drained(): Promise<void>;
  /** Has a task run when it is the connection's turn; never, if that is gone before. */
  inTurn(task: Task): void;
  /** Told what is kept in memory for the client, and with a negative number what is not any more. */
  keeps(bytes: number): void;
}

/** What one WebSocket connection holds, or what all hold together who have none. Everything in it ends with the connection. */
export class Session {
  readonly follows = new Map<string, Follow>();
  readonly broadcasts = new Map<string, Broadcast>();
  /** Whether it is that of many, who must not take the room in it from each other. */
  readonly isShared: boolean;
  readonly #transport: Transport;
  readonly #maxSubscriptions: number;
  readonly #subscriptions = new Map<string, Subscription>();
  /** What waits until the client has taken most of what was sent. */
  readonly #undrained: (() => void)[] = [];
  #closed = false;

  constructor(transport: Transport, maxSubscriptions: number, isShared = false) {
    this.#transport = transport;
    this.#maxSubscriptions = maxSubscriptions;
    this.isShared = isShared;
  }

  /** Bytes of the transactions that are broadcast. */
  get broadcastBytes(): number {
    let bytes = 0;
    for (const { size } of this.broadcasts.values()) bytes += size;
    return bytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  /**
   * Opens a subscription whose notifications carry `event` as their method.
   * They are held back until the response with the subscription's id has gone out.
   * Throws `RpcError` -32006 when the connection has too many.
   */
  subscribe(event: string, afterResponse: (task: () => void) => void): Subscription {
    if (this.#subscriptions.size >= this.#maxSubscriptions)
      throw tooManySubscriptions(this.#maxSubscriptions);
    const subscription = new Subscription({
      id: newId(),
      event,
      send: (text) => this.#transport.send(text),
      keeps: (bytes) => this.#transport.keeps(bytes),
    });
    this.#subscriptions.set(subscription.id, subscription);
    subscription.onEnd(() => this.#subscriptions.delete(subscription.id));
    afterResponse(() => subscription.release());
    return subscription;
  }

  /** Ends the subscription if it is one of `event`. Answers whether there was one. */
  unsubscribe(id: string, event: string): boolean {
    const subscription = this.#subscriptions.get(id);
    if (subscription?.event !== event) return false;
    subscription.end();
    return true;
  }

  /**
   * Has a task run in a turn in which the client has taken most of what was sent. One after the other: what the first of many
   * sends, the client has not taken when the second comes.
   */
  whenDrained(task: () => void): void {
    this.#undrained.push(task);
    if (this.#undrained.length === 1) this.#drain();
  }

  #drain(): void {
    this.inTurn(() => {
      if (!this.#transport.keepsUp()) return void this.#transport.drained().then(() => this.#drain());
      const [task] = this.#undrained;
      task?.();
      this.#undrained.shift();
      if (this.#undrained.length > 0) this.#drain();
      return undefined;
    });
  }

  /** As the transport does. */
  inTurn(task: Task): void {
    this.#transport.inTurn(task);
  }

  /** As the transport is. */
  keeps(bytes: number): void {
    this.#transport.keeps(bytes);
  }

  /**
   * Goes through `steps` until they or the subscription end, each in a turn of the connection and when the client has taken most of
   * what was sent: however many a client begins, they leave the others their turns. The steps must not throw.
   */
  stepByStep(subscription: Subscription, steps: Iterator<void, void>): void {
    const step = (): void => {
      if (!subscription.ended && !steps.next().done) this.stepByStep(subscription, steps);
    };
    this.whenDrained(step);
  }

  close(): void {
    this.#closed = true;
    for (const subscription of [...this.#subscriptions.values()]) subscription.end();
    for (const broadcast of [...this.broadcasts.values()]) broadcast.stop();
    this.broadcasts.clear();
    this.follows.clear();
  }
}

/** An id that a client can't guess for somebody else's subscription or operation. */
export const newId = (): string => randomBytes(12).toString('base64url');
