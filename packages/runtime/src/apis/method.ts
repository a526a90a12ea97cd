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

interface Described<F extends Fields, T> {
  readonly inputs: F;
  readonly output: Type<T>;
  readonly docs: string | readonly string[];
}

export type MethodOptions<F extends Fields, T> = Described<F, T> &
  (
    | { run(state: StateAccess, inputs: FieldValues<F>): T }
    /** For work that may take long: others may do theirs where it stops. */
    | { steps(state: StateAccess, inputs: FieldValues<F>): Generator<void, T> }
  );

/** A method of a runtime API: described for metadata, and called with encoded arguments. */
export interface Method extends ApiMethodDefinition {
  /** Nobody else may use the state meanwhile. */
  call(state: StateAccess, args: Uint8Array): Generator<void, Uint8Array>;
}

export const method = <const F extends Fields, T>(name: string, options: MethodOptions<F, T>): Method => {
  const codec = fieldsCodec(options.inputs);
  return {
    name,
    inputs: Object.entries(options.inputs),
    output: options.output as AnyType,
    docs: typeof options.docs === 'string' ? [options.docs] : options.docs,
    *call(state, args) {
      const inputs = decodeWith(codec, args, DECODE_LIMITS);
      const answer = 'run' in options ? options.run(state, inputs) : yield* options.steps(state, inputs);
      return options.output.encode(answer);
    },
  };
};

export interface Api {
  readonly name: keyof typeof API_IDS;
  readonly docs: readonly string[];
  readonly methods: readonly Method[];
}
