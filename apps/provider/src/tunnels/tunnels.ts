import type { ChainClient } from '@hamster/chain-client';
import type { Logger } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { serveTunnel, type Host, type TunnelServer } from '@hamster/p2p';
import type { MarketChain } from '../reconciler/work.ts';
import { authorise } from './authorise.ts';

export interface TunnelModules {
  readonly client: ChainClient;
  readonly chain: MarketChain;
  readonly driver: MachineDriver;
  readonly host: Host;
  readonly log: Logger;
}

/** Answers the renters' tunnels to their machines. */
export function tunnelsTo({ client, chain, driver, host, log }: TunnelModules): Promise<TunnelServer> {
  const liveLease = async (lease: bigint, signal: AbortSignal) =>
    (await chain.work(signal)).live.find(({ id }) => id === lease);
  return serveTunnel(host, {
    genesisHash: client.chain.genesisHash,
    authorise: (claim, signal) => authorise({ liveLease, driver }, claim, signal),
    onRefused: (peer, error) => log.info({ peer, code: error.code, reason: error.message }, 'tunnel refused'),
  });
}
