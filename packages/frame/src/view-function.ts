import { toHex, twox128 } from '@hamster/crypto';
import { type AnyType, type Fields, fieldsCodec, type FieldValues, type Type } from '@hamster/scale';
import { concatBytes } from './bytes.ts';
import type { Context } from './context.ts';
import type { PalletDefinition } from './pallet.ts';

/** A question that a pallet answers from the state. Reads only, and a bounded number of entries. */
export interface ViewFunction<F extends Fields = Fields> {
  readonly docs: readonly string[];
  readonly inputs: F;
  readonly output: AnyType;
  /** Answers encoded arguments with an encoded value. @throws ScaleError */
  call(ctx: Context, input: Uint8Array): Uint8Array;
}

export interface ViewFunctionOptions<F extends Fields, T> {
  readonly docs: readonly string[];
  readonly inputs: F;
  readonly output: Type<T>;
  read(ctx: Context, inputs: FieldValues<F>): T;
}

export const defineView = <const F extends Fields, T>({
  docs,
  inputs,
  output,
  read,
}: ViewFunctionOptions<F, T>): ViewFunction<F> => {
  const codec = fieldsCodec(inputs);
  return {
    docs,
    inputs,
    output: output as AnyType,
    call: (ctx, input) => output.encode(read(ctx, codec.decode(input))),
  };
};

/**
 * 32 bytes under which clients ask: a hash of the pallet's name, then one of the signature. Clients take ids from
 * metadata, so it matters only that no two are the same and that they stay.
 */
export const viewFunctionId = (pallet: string, name: string, { inputs }: ViewFunction): Uint8Array => {
  const encoder = new TextEncoder();
  const signature = `${name}(${Object.keys(inputs).join(',')})`;
  return concatBytes(twox128(encoder.encode(pallet)), twox128(encoder.encode(signature)));
};

/** All view functions of these pallets, by their id in hex. */
export const viewFunctionsOf = (pallets: readonly PalletDefinition[]): ReadonlyMap<string, ViewFunction> =>
  new Map(
    pallets.flatMap(({ name: pallet, viewFunctions = {} }) =>
      Object.entries(viewFunctions).map(
        ([name, view]) => [toHex(viewFunctionId(pallet, name, view)), view] as const,
      ),
    ),
  );
