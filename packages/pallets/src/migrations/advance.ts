import {
  type Context,
  isPending,
  type PalletMigration,
  type Readable,
  StorageVersion,
  type WeightMeter,
} from '@hamster/frame';
import { events } from './events.ts';
import { Cursor } from './storage.ts';
import type { ActiveCursor } from './types.ts';

/** Whether the state is between two shapes. */
export const isMigrating = (at: Readable): boolean => Cursor.exists(at);

/** Newer rules are in force: whatever is not in their shape has to be brought into it, one under way from its beginning. */
export const beginMigrations = (ctx: Context, known: readonly PalletMigration[]): void => {
  Cursor.remove(ctx);
  const migrations = known.filter((migration) => isPending(ctx, migration)).length;
  if (migrations === 0) return;
  Cursor.put(ctx, { index: 0, inner_cursor: undefined, started_at: ctx.blockNumber });
  ctx.deposit(events.UpgradeStarted({ migrations }));
};

/** Takes one migration as far as the meter allows. Gives where it stopped; undefined at its end. */
const advance = (
  ctx: Context,
  { pallet, from, step }: PalletMigration,
  { index, inner_cursor, started_at }: ActiveCursor,
  meter: WeightMeter,
): ActiveCursor | undefined => {
  const stopped = step(ctx, inner_cursor, meter);
  const took = ctx.blockNumber - started_at;
  if (stopped) {
    ctx.deposit(events.MigrationAdvanced({ index, took }));
    return { index, inner_cursor: stopped, started_at };
  }
  StorageVersion.put(ctx, pallet, from + 1);
  ctx.deposit(events.MigrationCompleted({ index, took }));
  return undefined;
};

/**
 * Does this block's part of the migrations that are under way, if any are. What a step throws goes through: a block in which
 * the state cannot be migrated must not be made.
 */
export const advanceMigrations = (
  ctx: Context,
  known: readonly PalletMigration[],
  meter: WeightMeter,
): void => {
  let cursor = Cursor.get(ctx);
  if (!cursor) return;
  for (const [index, migration] of known.entries()) {
    if (index < cursor.index || !isPending(ctx, migration)) continue;
    if (index > cursor.index) cursor = { index, inner_cursor: undefined, started_at: ctx.blockNumber };
    const stopped = advance(ctx, migration, cursor, meter);
    if (stopped) return Cursor.put(ctx, stopped);
  }
  Cursor.remove(ctx);
  ctx.deposit(events.UpgradeCompleted());
};
