import { type AnyType, type Infer, struct, u32, variant, vec } from '@hamster/scale';
import type { Notes } from './note-log.ts';
import { palletStorage } from './storage/pallet-storage.ts';
import type { Writable } from './storage/item.ts';
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

/** The event records of the open block, in order. */
export const pendingEvents = ({ state }: Writable): Notes => state.notes();

/** Takes the pending records out, and leaves their count. */
export const drainEvents = (at: Writable): Notes => {
  const records = at.state.takeNotes();
  EventCount.put(at, records.count);
  return records;
};
