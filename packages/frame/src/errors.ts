import { type AnyType, documented, variant } from '@hamster/scale';
import { DispatchFailure, type FailureFactory } from './failure.ts';
import { crateOf } from './names.ts';

export type ErrorSet<N extends string> = { readonly [K in N]: FailureFactory } & {
  readonly type: AnyType;
  readonly names: readonly string[];
  readonly docs: Readonly<Record<string, string>>;
};

/**
 * The errors of a pallet, each with the sentence that explains it:
 * `throw errors.NotOwner()` or `ensure(mine, errors.NotOwner)`. Order is the index on the wire.
 */
export const defineErrors = <const N extends string>(
  pallet: string,
  docs: Readonly<Record<N, string>>,
): ErrorSet<N> => {
  const names = Object.keys(docs) as N[];
  const factories = names.map((name) => [
    name,
    () => new DispatchFailure({ type: 'Module', pallet, name }, `${pallet}.${name}: ${docs[name]}`),
  ]);
  const arms = Object.fromEntries(names.map((name) => [name, documented(docs[name], null)]));
  const type: AnyType = variant(`${crateOf(pallet)}::pallet::Error`, arms);
  return { ...Object.fromEntries(factories), type, names, docs } as ErrorSet<N>;
};
