import type { Call, ChainClient, Outcome, TransactionSigner } from '@hamster/chain-client';
import type { GatewayChain } from './gateway-chain.ts';

const READ_TIMEOUT_MS = 10_000;

/** The `gateway` pallet and the list of machines, through whichever client is connected now. */
export function rpcGatewayChain(
  client: (signal: AbortSignal) => Promise<ChainClient>,
  signer: TransactionSigner,
): GatewayChain {
  type GatewayCalls = ChainClient['calls']['gateway'];

  async function submit(build: (calls: GatewayCalls) => Call, signal: AbortSignal): Promise<Outcome> {
    const chain = await client(signal);
    return chain.submit(build(chain.calls.gateway), signer, { signal });
  }

  async function send(build: (calls: GatewayCalls) => Call, signal: AbortSignal): Promise<void> {
    await submit(build, signal);
  }

  return {
    async rules(signal) {
      const chain = await client(signal);
      return (await chain.parameters({ signal, timeoutMs: READ_TIMEOUT_MS })).gateway;
    },
    async registered(signal) {
      const chain = await client(signal);
      return chain.gateway(signer.address, { signal, timeoutMs: READ_TIMEOUT_MS });
    },
    async providers(signal) {
      const chain = await client(signal);
      const resources = await chain.resources({ signal, timeoutMs: READ_TIMEOUT_MS });
      return resources.map(({ peerId }) => peerId);
    },
    register: (entry, signal) => send((calls) => calls.register(entry), signal),
    updateEndpoint: (entry, signal) =>
      send((calls) => calls.updateEndpoint(entry.peerId, entry.multiaddrs), signal),
    async heartbeat(signal) {
      const chain = await client(signal);
      await chain.submit(chain.calls.gateway.heartbeat(), signer, { signal, overtakes: true });
    },
    goOnline: (signal) => send((calls) => calls.goOnline(), signal),
    goOffline: (signal) => send((calls) => calls.goOffline(), signal),
    reset: (signal) => send((calls) => calls.reset(), signal),
    async claim(signal) {
      const { events } = await submit((calls) => calls.claimRewards(), signal);
      return events.get('gateway.RewardsClaimed').amount;
    },
    async withdraw(signal) {
      const { events } = await submit((calls) => calls.withdrawUnbonded(), signal);
      return events.find('gateway.Withdrawn')?.amount;
    },
    ...moneyReads(client, signer.address),
  };
}

function moneyReads(
  client: (signal: AbortSignal) => Promise<ChainClient>,
  address: string,
): Pick<GatewayChain, 'rewards' | 'unbonding' | 'money' | 'time'> {
  return {
    async rewards(signal) {
      const chain = await client(signal);
      const sources = await chain.withdrawable(address, { signal, timeoutMs: READ_TIMEOUT_MS });
      const found = sources.find(({ source }) => source === 'GatewayRewards');
      return { claimable: found?.available ?? 0n, nextAt: found?.nextAt };
    },
    async unbonding(signal) {
      const chain = await client(signal);
      return chain.gatewayUnbonding(address, { signal, timeoutMs: READ_TIMEOUT_MS });
    },
    async money(signal) {
      const chain = await client(signal);
      return chain.balance(address, { signal, timeoutMs: READ_TIMEOUT_MS });
    },
    async time(signal) {
      const chain = await client(signal);
      return chain.now({ signal, timeoutMs: READ_TIMEOUT_MS });
    },
  };
}
