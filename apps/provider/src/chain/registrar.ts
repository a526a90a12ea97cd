import type { Call, ChainClient, TransactionSigner } from '@hamster/chain-client';
import type { RegistrationStep } from '../registration/plan-registration.ts';
import type { Registrar } from '../registration/register.ts';

const READ_TIMEOUT_MS = 15_000;

/** The `provider` pallet, through a node's RPC. */
export function registrar(client: ChainClient, signer: TransactionSigner): Registrar {
  return {
    async registered(peerId, signal) {
      const patience = { signal, timeoutMs: READ_TIMEOUT_MS };
      const [ledger, resources] = await Promise.all([
        client.stake(signer.address, patience),
        client.resourcesOf(signer.address, patience),
      ]);
      return { stake: ledger.active, resource: resources.find((resource) => resource.peerId === peerId) };
    },
    async carryOut(step, signal) {
      await client.submit(callOf(client, step), signer, { signal });
    },
  };
}

function callOf({ calls }: ChainClient, step: RegistrationStep): Call {
  const { provider } = calls;
  switch (step.kind) {
    case 'stake':
      return provider.stake(step.amount);
    case 'register':
      return provider.registerResource(step.offering);
    case 'endpoint':
      return provider.updateEndpoint(step.resource, step.peerId, step.images);
    case 'prices':
      return provider.updatePrices(step.resource, step.prices);
    case 'capacity':
      return provider.updateCapacity(step.resource, step.capacity);
    case 'available':
      return provider.setAvailableUntil(step.resource, step.until);
    case 'status':
      return provider.setStatus(step.resource, step.status);
    case 'maintenance':
      return provider.announceMaintenance(step.resource, step.from, step.to);
  }
}
