import type { Call, ChainClient, TransactionSigner } from '@hamster/chain-client';
import type { AccountSigner } from '@hamster/ui/wallet';
import type { ChainPort, ConnectChain, SubmitOptions } from './port.ts';
import type { Action, Head, Offer, Outcome } from './types.ts';

const HASH_BYTES = 32;

/** Connects by the project's chain client, which is large and therefore comes after the page itself. */
export const connectChain: ConnectChain = async (url, signal) => {
  const { connect } = await import('@hamster/chain-client');
  return portOf(await connect(url, { signal }));
};

function portOf(client: ChainClient): ChainPort {
  return {
    identity: client.chain,
    rules: async () => (await client.parameters()).resourceOrder,
    offers: (): Promise<Offer[]> => client.offers(),
    resource: (id) => client.resource(id),
    order: (id) => client.order(id),
    lease: (id) => client.lease(id),
    ordersOf: (renter) => client.ordersOf(renter),
    disputeOfLease: (lease) => client.disputeOfLease(lease),
    disputeRules: async () => (await client.parameters()).arbitration,
    leasesOf: (renter) => client.leasesOf(renter),
    balance: (address) => client.balance(address),
    estimateFee: (action, address) => client.fee(callOf(client, action), address),
    submit: (action, signer, options) => submit(client, action, signer, options),
    onHead: (listener) => followHeads(client, listener),
    onState: (listener) => void client.onState(listener),
    close: () => client.close(),
  };
}

function callOf({ calls }: ChainClient, action: Action): Call {
  switch (action.kind) {
    case 'rent':
      return calls.resourceOrder.createOrder(action);
    case 'cancel':
      return calls.resourceOrder.cancelOrder(action.order);
    case 'terminate':
      return calls.resourceOrder.terminateLease(action.lease);
    case 'dispute':
      // What the panel is shown elsewhere has no hash here: zeros, as the chain wants for nothing.
      return calls.arbitration.openDispute(action.lease, action.claim, new Uint8Array(HASH_BYTES));
  }
}

async function submit(
  client: ChainClient,
  action: Action,
  signer: AccountSigner,
  { signal, onSubmitted }: SubmitOptions,
): Promise<Outcome> {
  const { events } = await client.submit(callOf(client, action), transactionSigner(signer), {
    signal,
    onSent: onSubmitted,
  });
  return { order: events.find('resourceOrder.OrderCreated')?.order };
}

function transactionSigner(signer: AccountSigner): TransactionSigner {
  return signer.kind === 'pair' ? signer.pair : { address: signer.address, signer: signer.signer };
}

/** Each new block with its time. Blocks that arrive while a time is being read are skipped. */
function followHeads(client: ChainClient, listener: (head: Head) => void): void {
  let reading = false;
  const tell = async (number: number): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      listener({ number, now: await client.now() });
    } finally {
      reading = false;
    }
  };
  // A read that fails is made up for by the next block; a connection that ends says so by its state.
  const missed = (): void => undefined;
  client.watchHeads(({ number }) => void tell(number).catch(missed)).catch(missed);
}
