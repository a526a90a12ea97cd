import {
  type BlockStart,
  type DispatchEventInfo,
  addWeights,
  concatBytes,
  DigestItem,
  drainEvents,
  EventCount,
  ExecutionPhase,
  storagePrefix,
  type Weight,
  type Writable,
} from '@hamster/frame';
import { writeCompact, Writer } from '@hamster/scale';
import {
  AllExtrinsicsLen,
  BlockDigest,
  BlockHash,
  BlockNumber,
  BlockWeight,
  ExtrinsicCount,
  InherentsApplied,
  ParentHash,
} from './storage.ts';

/** So many past block hashes are kept: the longest era of a mortal transaction. */
export const BLOCK_HASH_COUNT = 4096;

const EVENTS_KEY = storagePrefix('System', 'Events');

/** What only the making of a block needs. */
const forgetMaking = (at: Writable): void => {
  ExecutionPhase.remove(at);
  AllExtrinsicsLen.remove(at);
  ExtrinsicCount.remove(at);
  InherentsApplied.remove(at);
};

/** Rules before version 10 left more of a block than these do, and that it had its inherents must not be true of the next one. */
const forgetLastBlock = (at: Writable): void => {
  at.state.delete(EVENTS_KEY);
  EventCount.remove(at);
  BlockWeight.remove(at);
  forgetMaking(at);
};

/** As the block is closed: it knows one hash more than the next one. The genesis hash is never dropped. */
const dropOldHash = (at: Writable, number: number): void => {
  const oldest = number - BLOCK_HASH_COUNT - 1;
  if (oldest > 0) BlockHash.remove(at, oldest);
};

/** Makes the state that of an open block. */
export const openBlock = (at: Writable, { number, parentHash, digest }: BlockStart): void => {
  forgetLastBlock(at);
  ExecutionPhase.put(at, { type: 'Initialization' });
  BlockNumber.put(at, number);
  ParentHash.put(at, parentHash);
  BlockHash.put(at, number - 1, parentHash);
  BlockDigest.put(at, { logs: digest.map((item) => DigestItem.decode(item)) });
};

export const enterExtrinsic = (at: Writable): void => {
  ExecutionPhase.put(at, { type: 'ApplyExtrinsic', value: ExtrinsicCount.get(at) ?? 0 });
};

/** Charges the block for work of its own: hooks. */
export const chargeMandatory = (at: Writable, weight: Weight): void => {
  BlockWeight.update(at, (used) => ({ ...used, mandatory: addWeights(used.mandatory, weight) }));
};

const CLASS_NAMES = { Normal: 'normal', Operational: 'operational', Mandatory: 'mandatory' } as const;

/** Charges the block for an extrinsic, and counts it. */
export const noteExtrinsic = (at: Writable, info: DispatchEventInfo, length: number): void => {
  const name = CLASS_NAMES[info.class.type];
  BlockWeight.update(at, (used) => ({ ...used, [name]: addWeights(used[name], info.weight) }));
  AllExtrinsicsLen.update(at, (total = 0) => total + length);
  ExtrinsicCount.update(at, (count = 0) => count + 1);
};

/** Hooks behind the inherents belong to no extrinsic. */
export const enterHooks = (at: Writable): void => ExecutionPhase.put(at, { type: 'Initialization' });

export const enterFinalization = (at: Writable): void => ExecutionPhase.put(at, { type: 'Finalization' });

/** The records are encoded already: only their number has to go in front. */
const writeEvents = (at: Writable): void => {
  const records = drainEvents(at);
  const length = new Writer(4);
  writeCompact(length, records.count);
  at.state.put(EVENTS_KEY, concatBytes(length.finish(), records.bytes));
};

/** Adds to what the header of the open block tells of it. */
export const depositLog = (at: Writable, item: DigestItem): void => {
  BlockDigest.update(at, ({ logs }) => ({ logs: [...logs, item] }));
};

/** Turns the pending events into `System.Events`, and gives the header's digest. */
export const closeBlock = (at: Writable): Uint8Array[] => {
  writeEvents(at);
  forgetMaking(at);
  dropOldHash(at, BlockNumber.get(at));
  return BlockDigest.get(at).logs.map((item) => DigestItem.encode(item));
};
