import type { ApiPromise } from '@polkadot/api';
import type { ApiDecoration, QueryableStorageEntry, SubmittableExtrinsic } from '@polkadot/api/types';
import type { Codec } from '@polkadot/types/types';
import { ChainError } from '../errors.ts';

/** A transaction's content, not signed yet. */
export type Call = SubmittableExtrinsic<'promise'>;

/** What can be read: as the chain is now, or as it was after one block. */
export type State = Pick<ApiDecoration<'promise'>, 'query' | 'consts' | 'call'>;

/** A storage item by its camelCase name. Throws `NOT_A_HAMSTER_CHAIN`. */
export function storage(state: State, pallet: string, item: string): QueryableStorageEntry<'promise'> {
  return state.query[pallet]?.[item] ?? absent(`${pallet}.${item}`);
}

/** Builds a call by its camelCase name. Throws `NOT_A_HAMSTER_CHAIN`. */
export function call(api: ApiPromise, pallet: string, name: string, ...args: unknown[]): Call {
  const build = api.tx[pallet]?.[name] ?? absent(`${pallet}.${name}`);
  return build(...args);
}

/** A constant of the runtime. Throws `NOT_A_HAMSTER_CHAIN`. */
export function constant(state: State, pallet: string, name: string): Codec {
  return state.consts[pallet]?.[name] ?? absent(`${pallet}.${name}`);
}

/** Asks a runtime API, by its camelCase names. Throws `NOT_A_HAMSTER_CHAIN`. */
export async function runtimeCall(
  state: State,
  name: string,
  method: string,
  ...args: unknown[]
): Promise<Codec> {
  const ask = state.call[name]?.[method] ?? absent(`${name}.${method}`);
  return (await ask(...args)) as Codec;
}

function absent(name: string): never {
  throw new ChainError(
    'NOT_A_HAMSTER_CHAIN',
    `The chain has no ${name}. Is this the address of a Hamster chain, and is it as new as this program?`,
  );
}
