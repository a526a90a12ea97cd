import { defineType, type Type, u64, u8 } from '@hamster/scale';
import { checkedAdd, U64_MAX } from './arithmetic.ts';
import type { Context } from './context.ts';
import { isolated } from './isolated.ts';
import { identity } from './storage/hasher.ts';
import type { StorageItem } from './storage/item.ts';
import { keysUnder } from './storage/map.ts';
import { palletStorage } from './storage/pallet-storage.ts';
import type { Weight } from './types/weight.ts';
import type { WeightMeter } from './weight-meter.ts';

/** Names an appointment: when it is due (ms), and its number among all that the agenda ever had. */
export interface TaskKey {
  readonly due: bigint;
  readonly sequence: bigint;
}

/** 16 bytes, both numbers big-endian: the state keeps the keys in the order in which they are due. */
export const TaskKey: Type<TaskKey> = defineType({
  encodeInto(writer, { due, sequence }) {
    const bytes = new DataView(new ArrayBuffer(16));
    bytes.setBigUint64(0, due);
    bytes.setBigUint64(8, sequence);
    writer.raw(new Uint8Array(bytes.buffer));
  },
  decodeFrom(reader) {
    const { buffer, byteOffset } = reader.raw(16);
    const bytes = new DataView(buffer, byteOffset);
    return { due: bytes.getBigUint64(0), sequence: bytes.getBigUint64(8) };
  },
  describe: (idOf) => ({ tag: 'array', value: { len: 16, type: idOf(u8) } }),
  minSize: 16,
});

/** What is done with the tasks that are due, and how much of a block it may take. */
export interface DueWork<T> {
  /** Of one task. */
  readonly weight: Weight;
  /** So many tasks a block at most. */
  readonly most: number;
  /** What the node's log calls a task that failed. */
  nameOf(task: T): string;
  run(task: T): void;
  /** Has a task that failed come back later; one without this is lost. */
  retry?(task: T): void;
}

/** Appointments of a pallet. A block pays for what is due in it, however many wait. */
export interface Agenda<T> {
  /** To be listed in the pallet's `storage`. */
  readonly storage: readonly StorageItem[];
  /** `due` in ms; a moment that is past is due at once. @throws DispatchFailure Arithmetic for one that no u64 holds */
  schedule(ctx: Context, due: bigint, task: T): TaskKey;
  /** False when it is not there any more. */
  cancel(ctx: Context, key: TaskKey): boolean;
  /**
   * Does what is due, the earliest first, until the block's share of work is used up; the rest waits for the next block. Each task
   * runs in a layer of its own: one that fails is undone and reported, and never stops the others. Stops behind each.
   */
  runDue(ctx: Context, meter: WeightMeter, work: DueWork<T>): Generator<void>;
  /** All appointments, for invariants and tests. Unbounded. */
  entries(ctx: Context): Iterable<[TaskKey, T]>;
}

/** A pallet with several agendas gives each a name of its own. */
export const agenda = <T>(pallet: string, task: Type<T>, name = 'Agenda'): Agenda<T> => {
  const { map, value } = palletStorage(pallet);
  const tasks = map(name, {
    key: identity(TaskKey),
    type: task,
    docs: ['What is due when. The key is the moment in ms and a number, both as big-endian u64.'],
  });
  const sequence = value(`${name}Sequence`, {
    type: u64,
    default: 0n,
    docs: ['Number of the latest appointment.'],
  });

  const firstDue = (ctx: Context): TaskKey | undefined => {
    for (const key of keysUnder(ctx.state, tasks.prefix)) {
      const found = TaskKey.decode(key.subarray(tasks.prefix.length));
      return found.due <= ctx.now ? found : undefined;
    }
    return undefined;
  };
  const takeDue = (ctx: Context): T | undefined => {
    const key = firstDue(ctx);
    const task = key && tasks.get(ctx, key);
    if (key && task !== undefined) tasks.remove(ctx, key);
    return task;
  };
  /** Whether it went well; a bug is reported where it is caught. */
  const attempt = (ctx: Context, where: string, run: () => void): boolean => {
    const outcome = isolated(ctx, where, run);
    const isRefused = !outcome.ok && outcome.failure.fault.type !== 'Other';
    if (isRefused) ctx.report({ where, error: outcome.failure });
    return outcome.ok;
  };
  const runOne = (ctx: Context, task: T, { nameOf, run, retry }: DueWork<T>): void => {
    const where = `${pallet}.${nameOf(task)}`;
    if (attempt(ctx, where, () => run(task)) || !retry) return;
    attempt(ctx, `${where}, to be tried again`, () => retry(task));
  };

  return {
    storage: [tasks, sequence],
    entries: (ctx) => tasks.entries(ctx),
    schedule(ctx, moment, content) {
      // Under all rules: releases of 6 that wrote another moment instead were asked for none, since spans have bounds.
      const due = checkedAdd(moment, 0n, U64_MAX);
      const key = { due, sequence: sequence.update(ctx, (last) => last + 1n) };
      tasks.put(ctx, key, content);
      return key;
    },
    cancel(ctx, key) {
      const found = tasks.has(ctx, key);
      if (found) tasks.remove(ctx, key);
      return found;
    },
    *runDue(ctx, meter, work) {
      // The meter is charged before a task is taken. To look costs one read, which is charged to nobody: where nothing is due, the
      // share of the block stays for others.
      if (firstDue(ctx) === undefined) return;
      for (let done = 0; done < work.most && meter.tryConsume(work.weight); done += 1) {
        const task = takeDue(ctx);
        if (task === undefined) return;
        runOne(ctx, task, work);
        yield;
      }
    },
  };
};
