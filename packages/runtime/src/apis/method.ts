import { type ApiMethodDefinition, type StateAccess } from '@hamster/frame';
import {
  type AnyType,
  decodeWith,
  type Fields,
  fieldsCodec,
  type FieldValues,
  type Type,
} from '@hamster/scale';
import { DECODE_LIMITS } from '../constants.ts';
import type { API_IDS } from '../version.ts';

export interface MethodOptions<F extends Fields, T> {
  readonly inputs: F;
  readonly output: Type<T>;
  readonly docs: string | readonly string[];
  run(state: StateAccess, inputs: FieldValues<F>): T;
}

/** A method of a runtime API: described for metadata, and called with encoded arguments. */
export interface Method extends ApiMethodDefinition {
  call(state: StateAccess, args: Uint8Array): Uint8Array;
}

export const method = <const F extends Fields, T>(name: string, options: MethodOptions<F, T>): Method => {
  const codec = fieldsCodec(options.inputs);
  return {
    name,
    inputs: Object.entries(options.inputs),
    output: options.output as AnyType,
    docs: typeof options.docs === 'string' ? [options.docs] : options.docs,
    call: (state, args) => options.output.encode(options.run(state, decodeWith(codec, args, DECODE_LIMITS))),
  };
};

export interface Api {
  readonly name: keyof typeof API_IDS;
  readonly docs: readonly string[];
  readonly methods: readonly Method[];
}
