import type { Context } from './context.ts';
import { DispatchFailure } from './failure.ts';

export type Isolated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: DispatchFailure };

const toFailure = (ctx: Context, where: string, error: unknown): DispatchFailure => {
  if (error instanceof DispatchFailure) return error;
  ctx.report({ where, error });
  return new DispatchFailure({ type: 'Other' }, `${where} failed unexpectedly; the node's log says why`);
};

const failed = (ctx: Context, where: string, error: unknown): Isolated<never> => {
  ctx.state.rollback();
  return { ok: false, failure: toFailure(ctx, where, error) };
};

/**
 * Runs in a layer of the state: all of what it writes and deposits stays, or nothing does.
 * Any other exception than a `DispatchFailure` is a bug: it is reported, and becomes the failure `Other`.
 */
export const isolated = <T>(ctx: Context, where: string, run: () => T): Isolated<T> => {
  ctx.state.begin();
  try {
    const value = run();
    ctx.state.commit();
    return { ok: true, value };
  } catch (error) {
    return failed(ctx, where, error);
  }
};

/** As `isolated`, for work that stops in between. The layer stays open meanwhile: nobody else may use the state. */
export function* isolatedInSteps<T>(
  ctx: Context,
  where: string,
  run: () => Iterable<void, T>,
): Generator<void, Isolated<T>> {
  ctx.state.begin();
  try {
    const value = yield* run();
    ctx.state.commit();
    return { ok: true, value };
  } catch (error) {
    return failed(ctx, where, error);
  }
}
