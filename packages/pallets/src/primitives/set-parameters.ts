import {
  defineCall,
  ensure,
  ensureRoot,
  type FailureFactory,
  type PalletEvent,
  weightOf,
  type Writable,
} from '@hamster/frame';
import type { Type } from '@hamster/scale';

export interface ParametersCall<T> {
  /** Of the call in its pallet. */
  readonly index: number;
  readonly type: Type<T>;
  readonly storage: { put(at: Writable, parameters: T): void };
  readonly isSound: (parameters: T) => boolean;
  readonly invalid: FailureFactory;
  readonly changed: () => PalletEvent;
}

/** `set_parameters` of a pallet: root changes the numbers of its rules, as long as the rules can work with them. */
export const setParametersCall = <T>({
  index,
  type,
  storage,
  isSound,
  invalid,
  changed,
}: ParametersCall<T>) =>
  defineCall({
    index,
    docs: ['Change the numbers of the rules. Root only.'],
    args: { parameters: type },
    class: 'Operational',
    weight: () => weightOf(450, 4),
    dispatch(ctx, origin, { parameters }) {
      ensureRoot(origin);
      ensure(isSound(parameters), invalid);
      storage.put(ctx, parameters);
      ctx.deposit(changed());
    },
  });
