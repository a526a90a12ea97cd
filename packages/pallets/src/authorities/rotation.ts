import { type Context, type WeightMeter, weightOf } from '@hamster/frame';
import type { SessionConfig } from './config.ts';
import { events } from './events.ts';
import { CurrentIndex, QueuedKeys } from './storage.ts';

const ROTATION_WEIGHT = weightOf(1_000, 8);

/** Begins the session that was scheduled, if one was. */
export const rotate = (ctx: Context, { handlers }: SessionConfig, meter: WeightMeter): void => {
  const authorities = QueuedKeys.get(ctx);
  if (!authorities || !meter.tryConsume(ROTATION_WEIGHT)) return;
  QueuedKeys.remove(ctx);
  const session_index = CurrentIndex.update(ctx, (index) => index + 1);
  for (const tell of handlers) tell(ctx, authorities);
  ctx.deposit(events.NewSession({ session_index }));
};
