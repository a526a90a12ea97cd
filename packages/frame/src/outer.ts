import { type AnyType, at, type Arms, type Fields, type Type, variant } from '@hamster/scale';
import { crateOf } from './names.ts';
import type { PalletDefinition } from './pallet.ts';

/** A call of the runtime, decoded: pallet, call, arguments. */
export interface RuntimeCall {
  readonly type: string;
  readonly value: { readonly type: string; readonly value?: unknown };
}

/** An event of the runtime, decoded: pallet, event, fields. */
export interface RuntimeEvent {
  readonly type: string;
  readonly value: { readonly type: string; readonly value?: unknown };
}

/** The enums over all pallets. */
export interface OuterTypes {
  readonly call: Type<RuntimeCall>;
  readonly event: Type<RuntimeEvent>;
  readonly error: AnyType;
  /** The value is the reason's own name, whatever its pallet. */
  readonly holdReason: Type<string>;
  readonly callOf: ReadonlyMap<string, AnyType>;
}

const isEmpty = (fields: Fields): boolean => Object.keys(fields).length === 0;

const palletCall = ({ name, calls }: PalletDefinition): AnyType | undefined => {
  if (!calls || Object.keys(calls).length === 0) return undefined;
  const arms = Object.entries(calls).map(([call, { index, args, docs }]) => [
    call,
    at(index, isEmpty(args) ? null : args, docs),
  ]);
  return variant(`${crateOf(name)}::pallet::Call`, Object.fromEntries(arms) as Arms);
};

const overPallets = (
  path: string,
  pallets: readonly PalletDefinition[],
  typeOf: (pallet: PalletDefinition) => AnyType | undefined,
): AnyType => {
  const arms = pallets.flatMap((pallet) => {
    const type = typeOf(pallet);
    return type ? [[pallet.name, at(pallet.index, type)] as const] : [];
  });
  return variant(path, Object.fromEntries(arms));
};

type NestedReason = { readonly type: string; readonly value: { readonly type: string } };

const holdReasonType = (runtime: string, pallets: readonly PalletDefinition[]): Type<string> => {
  const reasons = pallets.filter(({ holdReasons }) => holdReasons?.length);
  const palletOf = new Map(
    reasons.flatMap(({ name, holdReasons }) => (holdReasons ?? []).map((reason) => [reason, name])),
  );
  const nested = overPallets(`${runtime}::RuntimeHoldReason`, reasons, ({ name, holdReasons = [] }) =>
    variant(
      `${crateOf(name)}::pallet::HoldReason`,
      Object.fromEntries(holdReasons.map((reason) => [reason, null])),
    ),
  ) as Type<NestedReason>;
  const nest = (reason: string): NestedReason => ({
    type: palletOf.get(reason) ?? reason,
    value: { type: reason },
  });
  return {
    ...nested,
    encode: (reason) => nested.encode(nest(reason)),
    check: (reason) => nested.check?.(nest(reason)),
    decode: (bytes) => nested.decode(bytes).value.type,
    encodeInto: (writer, reason) => nested.encodeInto(writer, nest(reason)),
    decodeFrom: (reader) => nested.decodeFrom(reader).value.type,
  };
};

export const outerTypes = (runtime: string, pallets: readonly PalletDefinition[]): OuterTypes => {
  const callOf = new Map(
    pallets.flatMap((pallet) => {
      const type = palletCall(pallet);
      return type ? [[pallet.name, type] as const] : [];
    }),
  );
  return {
    callOf,
    call: overPallets(`${runtime}::RuntimeCall`, pallets, ({ name }) =>
      callOf.get(name),
    ) as Type<RuntimeCall>,
    event: overPallets(
      `${runtime}::RuntimeEvent`,
      pallets,
      ({ events }) => events?.type,
    ) as Type<RuntimeEvent>,
    error: overPallets(`${runtime}::RuntimeError`, pallets, ({ errors }) => errors?.type),
    holdReason: holdReasonType(runtime, pallets),
  };
};
