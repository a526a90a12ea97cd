import { type ApiDefinition, type StateAccess, UnknownRuntimeApi } from '@hamster/frame';
import { API_IDS } from '../version.ts';
import { accountNonceApi } from './account-nonce.ts';
import { blockBuilderApi } from './block-builder.ts';
import { auraApi, grandpaApi } from './consensus.ts';
import { coreApi } from './core.ts';
import { ensureReadable } from './readable.ts';
import { leasesApi } from './leases.ts';
import { marketApi } from './market/api.ts';
import { metadataApi } from './metadata.ts';
import type { Api, Method } from './method.ts';
import type { ApiParts } from './parts.ts';
import { paymentApi, paymentCallApi } from './payment.ts';
import { sessionKeysApi } from './session-keys.ts';
import { transactionQueueApi } from './transaction-queue.ts';
import { viewFunctionApi } from './view-function.ts';
import { withdrawableApi } from './withdrawable.ts';

/** These read leases, which migrations bring into another shape. */
const READ_LEASES: readonly string[] = ['MarketApi', 'LeasesApi'];

const guarded = (parts: ApiParts, api: Api, { name, call }: Method): Method['call'] =>
  READ_LEASES.includes(api.name)
    ? function* (state, args) {
        ensureReadable(parts, { state }, `${api.name}_${name}`);
        return yield* call(state, args);
      }
    : call;

export interface RuntimeApis {
  readonly definitions: readonly ApiDefinition[];
  /** @throws UnknownRuntimeApi, StateInOtherShape */
  callInSteps(state: StateAccess, method: string, args: Uint8Array): Generator<void, Uint8Array>;
}

export const runtimeApis = (parts: ApiParts): RuntimeApis => {
  const apis = [
    coreApi(parts),
    metadataApi(parts),
    blockBuilderApi(parts),
    transactionQueueApi(parts),
    accountNonceApi(),
    sessionKeysApi(),
    paymentApi(parts),
    paymentCallApi(parts),
    viewFunctionApi(parts),
    marketApi(parts),
    leasesApi(parts),
    withdrawableApi(parts),
    auraApi(parts),
    grandpaApi(),
  ];
  const methods = new Map<string, Method['call']>();
  for (const api of apis) {
    for (const method of api.methods) methods.set(`${api.name}_${method.name}`, guarded(parts, api, method));
  }
  return {
    definitions: apis.map(({ name, docs, methods: described }) => ({
      name,
      docs,
      version: API_IDS[name][1],
      methods: described,
    })),
    *callInSteps(state, name, args) {
      const found = methods.get(name);
      if (!found) throw new UnknownRuntimeApi(name);
      return yield* found(state, args);
    },
  };
};
