import { defineType, type Type, u64, u8 } from '@hamster/scale';
import type { Context } from './context.ts';
import { isolated } from './isolated.ts';
import { identity } from './storage/hasher.ts';
import type { StorageItem } from './storage/item.ts';
import { keysUnder } from './storage/map.ts';
import { palletStorage } from './storage/pallet-storage.ts';

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
    const bytes = new DataView(reader.raw(16).buffer);
    return { due: bytes.getBigUint64(0), sequence: bytes.getBigUint64(8) };
  },
  describe: (idOf) => ({ tag: 'array', value: { len: 16, type: idOf(u8) } }),
  minSize: 16,
});

export interface DueTask<T> extends TaskKey {
  readonly task: T;
}

/** Appointments of a pallet. A block pays for what is due in it, however many wait. */
export interface Agenda<T> {
  /** To be listed in the pallet's `storage`. */
  readonly storage: readonly StorageItem[];
  /** `due` in ms; a moment that is past is due at once. */
  schedule(ctx: Context, due: bigint, task: T): TaskKey;
  /** False when it is not there any more. */
  cancel(ctx: Context, key: TaskKey): boolean;
  /** Whether anything is due: a block that has nothing to do should not pay for asking. */
  hasDue(ctx: Context): boolean;
  /** Takes out up to `max` tasks that are due, the earliest first; the rest waits for the next block. */
  takeDue(ctx: Context, max: number): DueTask<T>[];
  /**
   * Takes what is due and runs it, each in a layer of its own. One that fails is undone, reported and dropped: it
   * never stops the others. Gives how many were taken.
   */
  runDue(ctx: Context, max: number, run: (task: T, key: TaskKey) => void): number;
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
  const takeFirst = (ctx: Context): DueTask<T> | undefined => {
    const key = firstDue(ctx);
    const found = key && tasks.get(ctx, key);
    if (!key || found === undefined) return undefined;
    tasks.remove(ctx, key);
    return { ...key, task: found };
  };
  const takeDue = (ctx: Context, max: number): DueTask<T>[] => {
    const taken: DueTask<T>[] = [];
    for (let next = max > 0 ? takeFirst(ctx) : undefined; next;) {
      taken.push(next);
      next = taken.length < max ? takeFirst(ctx) : undefined;
    }
    return taken;
  };

  return {
    storage: [tasks, sequence],
    takeDue,
    hasDue: (ctx) => firstDue(ctx) !== undefined,
    entries: (ctx) => tasks.entries(ctx),
    schedule(ctx, due, content) {
      const key = { due, sequence: sequence.update(ctx, (last) => last + 1n) };
      tasks.put(ctx, key, content);
      return key;
    },
    cancel(ctx, key) {
      const found = tasks.has(ctx, key);
      if (found) tasks.remove(ctx, key);
      return found;
    },
    runDue(ctx, max, run) {
      const due = takeDue(ctx, max);
      for (const { task: content, ...key } of due) {
        const outcome = isolated(ctx, `${pallet}.${name}`, () => run(content, key));
        const refused = !outcome.ok && outcome.failure.fault.type !== 'Other';
        if (refused) ctx.report({ where: `${pallet}.${name}`, error: outcome.failure });
      }
      return due.length;
    },
  };
};
