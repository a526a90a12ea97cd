import { type Arm, type Arms, type AnyType, type Shape, type ShapeValue, variant } from '@hamster/scale';
import { crateOf } from './names.ts';

/** Something that happened, as a pallet says it: the pallet, and which of its events. */
export interface PalletEvent {
  readonly type: string;
  readonly value: { readonly type: string; readonly value: unknown };
}

type ValueOf<A> = A extends Arm<infer S> ? ShapeValue<S> : A extends Shape ? ShapeValue<A> : never;
type EventFactory<V> = [V] extends [undefined] ? () => PalletEvent : (value: V) => PalletEvent;

export type EventSet<A extends Arms> = { readonly [K in keyof A]: EventFactory<ValueOf<A[K]>> } & {
  readonly type: AnyType;
};

/**
 * The events of a pallet: `ctx.deposit(events.Staked({ who, amount }))`.
 * Order is the index on the wire, unless `at` pins it; `documented` adds docs.
 */
export const defineEvents = <const A extends Arms>(pallet: string, arms: A): EventSet<A> => {
  const factories = Object.keys(arms).map((type) => [
    type,
    (value?: unknown): PalletEvent => ({ type: pallet, value: { type, value } }),
  ]);
  const type: AnyType = variant(`${crateOf(pallet)}::pallet::Event`, arms as Arms);
  return { ...Object.fromEntries(factories), type } as EventSet<A>;
};
