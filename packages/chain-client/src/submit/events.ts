import type { EventRecord } from '@polkadot/types/interfaces';
import { account, amount, arm, count, plain, text } from '../codec/readers.ts';
import type { Read, Reader } from '../codec/readers.ts';
import { ChainError } from '../errors.ts';
import type { Codec } from '@polkadot/types/types';

/** One event of a transaction; fields by their camelCase names, decoded by their own types. */
export interface ChainEvent {
  /** The pallet's camelCase name. */
  readonly pallet: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event together with its undecoded fields. */
interface RawEvent extends ChainEvent {
  readonly fields: ReadonlyMap<string, Codec>;
}

/** The fields of the events that programs act upon. */
const FIELDS = {
  'resourceOrder.OrderCreated': {
    order: count,
    renter: account,
    provider: account,
    resource: count,
    escrow: amount,
  },
  'resourceOrder.OrderAccepted': { order: count, provider: account, collateral: amount, endsAt: count },
  'resourceOrder.OrderRejected': { order: count, reason: text },
  'resourceOrder.OrderCancelled': { order: count },
  'resourceOrder.LeaseExtended': { lease: count, hours: count, endsAt: count },
  'resourceOrder.LeaseClosed': {
    lease: count,
    reason: arm(
      'Completed',
      'TerminatedByRenter',
      'TerminatedByProvider',
      'ProviderFault',
      'ProviderAtFault',
    ),
    paid: amount,
    refunded: amount,
  },
  'arbitration.DisputeOpened': {
    dispute: count,
    lease: count,
    deposit: amount,
    panel: count,
    commitUntil: count,
    revealUntil: count,
  },
  'gateway.RewardsClaimed': { gateway: account, amount },
  'gateway.Withdrawn': { gateway: account, amount },
  'provider.Withdrawn': { who: account, amount },
  'provider.ResourceRegistered': { resource: count, owner: account },
} satisfies Record<string, Record<string, Reader<unknown>>>;

export type KnownEvent = keyof typeof FIELDS;
export type EventData<N extends KnownEvent> = {
  [K in keyof (typeof FIELDS)[N]]: Read<(typeof FIELDS)[N][K]>;
};

/** The events of one transaction, in order. */
export class ChainEvents implements Iterable<ChainEvent> {
  readonly #events: readonly RawEvent[];

  constructor(records: readonly EventRecord[]) {
    this.#events = records.map(({ event }) => rawEvent(event));
  }

  [Symbol.iterator](): Iterator<ChainEvent> {
    return this.#events[Symbol.iterator]();
  }

  /** The first event of this name, or undefined. */
  find<N extends KnownEvent>(name: N): EventData<N> | undefined {
    const event = this.#events.find((candidate) => `${candidate.pallet}.${candidate.name}` === name);
    if (!event) return undefined;
    const readers: Record<string, Reader<unknown>> = FIELDS[name];
    const entries = Object.entries(readers).map(([key, read]) => [key, read(fieldOf(event, key))] as const);
    return Object.fromEntries(entries) as EventData<N>;
  }

  /** As `find`; throws `EVENT_MISSING` where the chain promises one. */
  get<N extends KnownEvent>(name: N): EventData<N> {
    const found = this.find(name);
    if (found) return found;
    throw new ChainError('EVENT_MISSING', `The chain did the call, but told nothing of ${name}.`, {
      fault: 'bug',
    });
  }
}

function rawEvent(event: EventRecord['event']): RawEvent {
  const names = event.data.names ?? [];
  const fields = new Map(
    event.data.map((codec: Codec, i) => [camelCase(names[i] ?? String(i)), codec] as const),
  );
  const data = Object.fromEntries([...fields].map(([name, codec]) => [name, plain(codec)]));
  return { pallet: event.section, name: event.method, data, fields };
}

function fieldOf(event: RawEvent, name: string): Codec {
  const field = event.fields.get(name);
  if (field) return field;
  const message = `The event ${event.pallet}.${event.name} has no "${name}". Is this program as new as the chain?`;
  throw new ChainError('UNEXPECTED_SHAPE', message, { fault: 'bug' });
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
