import type { Context } from './context.ts';
import { isolated, isolatedInSteps } from './isolated.ts';
import type { PalletDefinition } from './pallet.ts';
import type { WeightMeter } from './weight-meter.ts';

/** Runs a hook of all pallets, in the order of the pallets, each isolated from the others. */
export interface HookRunner {
  onInitialize(ctx: Context, meter: WeightMeter): void;
  /** Stops where the hooks do. */
  onPoll(ctx: Context, meter: WeightMeter): Generator<void>;
  onFinalize(ctx: Context): void;
}

export const hookRunner = (pallets: readonly PalletDefinition[]): HookRunner => {
  const each = (ctx: Context, hook: string, run: (pallet: PalletDefinition) => void): void => {
    for (const pallet of pallets) isolated(ctx, `${pallet.name}.${hook}`, () => run(pallet));
  };
  return {
    onInitialize: (ctx, meter) => each(ctx, 'onInitialize', ({ hooks }) => hooks?.onInitialize?.(ctx, meter)),
    *onPoll(ctx, meter) {
      for (const { name, hooks } of pallets) {
        yield* isolatedInSteps(ctx, `${name}.onPoll`, () => hooks?.onPoll?.(ctx, meter) ?? []);
      }
    },
    onFinalize: (ctx) => each(ctx, 'onFinalize', ({ hooks }) => hooks?.onFinalize?.(ctx)),
  };
};
