import type { DispatchError, DispatchResult } from '@hamster/frame';
import type { Result } from '@hamster/scale';

/** How the inner call ended, as events tell it. */
export const outcomeOf = (result: DispatchResult): Result<undefined, DispatchError> =>
  result.ok ? { ok: true, value: undefined } : result;
