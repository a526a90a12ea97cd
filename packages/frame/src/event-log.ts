import { type AnyType, type Infer, struct, u32, variant, vec } from '@hamster/scale';
import { concatBytes } from './bytes.ts';
import type { StateAccess } from './state.ts';
import { palletStorage } from './storage/pallet-storage.ts';
import { storagePrefix, type Readable } from './storage/item.ts';
import { H256 } from './types/account.ts';

export const Phase = variant('frame_system::Phase', {
  ApplyExtrinsic: u32,
  Finalization: null,
  Initialization: null,
});
export type Phase = Infer<typeof Phase>;

export const eventRecord = (event: AnyType) =>
  struct(
    'frame_system::EventRecord',
    { phase: Phase, event, topics: vec(H256) },
    { params: { E: event, T: H256 } },
  );

const { value } = palletStorage('System');

/** Number of events in the block so far. */
export const EventCount = value('EventCount', {
  type: u32,
  default: 0,
  docs: ['The number of events in the `Events<T>` list.'],
});

/** What the block is doing now. Gone when the block is closed. */
export const ExecutionPhase = value('ExecutionPhase', {
  type: Phase,
  docs: ['The execution phase of the block.'],
});

// While the block is open each event is an entry of its own, so that depositing one never copies the others and a
// rolled-back layer takes its events along. Closing the block turns them into System.Events.
const PENDING = storagePrefix('System', 'PendingEvents');

const pendingKey = (index: number): Uint8Array => {
  const suffix = new Uint8Array(4);
  new DataView(suffix.buffer).setUint32(0, index);
  return concatBytes(PENDING, suffix);
};

/** Appends an encoded event record. */
export const appendEvent = (at: { readonly state: StateAccess }, record: Uint8Array): void => {
  const count = EventCount.get(at);
  at.state.put(pendingKey(count), record);
  EventCount.put(at, count + 1);
};

/** The encoded event records of the open block, in order. */
export const pendingEvents = (at: Readable): Uint8Array[] =>
  Array.from({ length: EventCount.get(at) }, (_, index) => at.state.get(pendingKey(index))).filter(
    (record) => record !== undefined,
  );

/** Takes the pending records out. Their count stays. */
export const drainEvents = (at: { readonly state: StateAccess }): Uint8Array[] => {
  const records = pendingEvents(at);
  records.forEach((_, index) => at.state.delete(pendingKey(index)));
  return records;
};
