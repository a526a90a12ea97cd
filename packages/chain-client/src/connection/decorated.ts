import type { ApiPromise } from '@polkadot/api';
import type { QueryableStorageEntry, SubmittableExtrinsic } from '@polkadot/api/types';
import type { Codec } from '@polkadot/types/types';
import { ChainError } from '../errors.ts';

/** A transaction's content, not signed yet. */
export type Call = SubmittableExtrinsic<'promise'>;

/** A storage item by its camelCase name. Throws `NOT_A_HAMSTER_CHAIN`. */
export function storage(api: ApiPromise, pallet: string, item: string): QueryableStorageEntry<'promise'> {
  return api.query[pallet]?.[item] ?? absent(`${pallet}.${item}`);
}

/** Builds a call by its camelCase name. Throws `NOT_A_HAMSTER_CHAIN`. */
export function call(api: ApiPromise, pallet: string, name: string, ...args: unknown[]): Call {
  const build = api.tx[pallet]?.[name] ?? absent(`${pallet}.${name}`);
  return build(...args);
}

/** A constant of the runtime. Throws `NOT_A_HAMSTER_CHAIN`. */
export function constant(api: ApiPromise, pallet: string, name: string): Codec {
  return api.consts[pallet]?.[name] ?? absent(`${pallet}.${name}`);
}

/** Asks a runtime API by its camelCase names. Throws `NOT_A_HAMSTER_CHAIN`. */
export async function runtimeCall(
  api: ApiPromise,
  runtimeApi: string,
  method: string,
  ...args: unknown[]
): Promise<Codec> {
  const ask = api.call[runtimeApi]?.[method] ?? absent(`${runtimeApi}.${method}`);
  return (await ask(...args)) as Codec;
}

function absent(name: string): never {
  throw new ChainError(
    'NOT_A_HAMSTER_CHAIN',
    `The chain has no ${name}. Is this the address of a Hamster chain, and is it as new as this program?`,
  );
}
