import { boundedBytes, field, type Infer, option, struct, u32 } from '@hamster/scale';

/** Longest key of the state that a migration may stop at, bytes. */
const MAX_CURSOR = 256;

export const ActiveCursor = struct('pallet_migrations::ActiveCursor', {
  index: field(u32, 'Which of the migrations is under way.'),
  inner_cursor: field(option(boundedBytes(MAX_CURSOR)), 'The key behind which it goes on.'),
  started_at: field(u32, 'The block in which it began.'),
});
export type ActiveCursor = Infer<typeof ActiveCursor>;
