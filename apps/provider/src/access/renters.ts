import type { Logger } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import {
  PeerError,
  serveConsole,
  serveControl,
  serveDirect,
  serveTunnel,
  type Claim,
  type GrantedServer,
  type Host,
} from '@hamster/p2p';
import type { ChainClock } from '../chain/chain-clock.ts';
import type { Commands } from '../control/commands.ts';
import { inTheRentersWords } from '../control/refusals.ts';
import type { LiveLease, MarketChain } from '../reconciler/work.ts';
import { authorise, liveLeasesOf } from './authorise.ts';
import { RefusalLog } from './refusal-log.ts';
import { tunnelTarget } from './tunnel-target.ts';

export interface RenterModules {
  readonly genesisHash: string;
  readonly chain: Pick<MarketChain, 'work'>;
  readonly driver: MachineDriver;
  readonly commands: Commands;
  readonly host: Host;
  readonly log: Logger;
  readonly clock: ChainClock;
}

/** All that renters may open here: tunnels to their machines, commands for them, their consoles. */
export interface RenterAccess {
  /** Ends all the streams of a lease. */
  closeLease(lease: bigint): void;
  close(): Promise<void>;
}

export async function serveRenters(modules: RenterModules): Promise<RenterAccess> {
  const { genesisHash, chain, driver, commands, host, log, clock } = modules;
  const liveLease = liveLeasesOf(chain);
  const refusals = new RefusalLog({ log });
  const common = (what: string) => ({
    genesisHash,
    now: () => clock.now(),
    blockTime: () => clock.blockTime(),
    onRefused: (peer: string, error: PeerError) => refusals.refused(what, peer, error),
  });
  const leaseOf = async (claim: Claim, signal: AbortSignal): Promise<LiveLease> => {
    const decision = await authorise(liveLease, claim, signal);
    if (decision.ok) return decision.lease;
    throw new PeerError(decision.code, decision.message);
  };
  const servers: GrantedServer[] = [
    await serveTunnel(host, {
      ...common('tunnel'),
      authorise: (claim, signal) => authorise(liveLease, claim, signal),
      locate: (claim, signal) => tunnelTarget(driver, claim, signal),
    }),
    await serveDirect(host, {
      ...common('direct way'),
      authorise: (claim, signal) => authorise(liveLease, claim, signal),
    }),
    await serveControl(host, {
      ...common('command'),
      authorise: (claim, signal) => authorise(liveLease, claim, signal),
      run: async (command, claim, signal) => {
        log.debug({ lease: String(claim.lease), command: command.name }, 'a renter asks');
        return commands.run(command, await leaseOf(claim, signal), signal);
      },
    }),
    await serveConsole(host, {
      ...common('console'),
      authorise: (claim, signal) => authorise(liveLease, claim, signal),
      open: ({ lease }, signal) =>
        inTheRentersWords(String(lease), () => driver.console(String(lease), signal)),
    }),
  ];
  return {
    closeLease: (lease) => servers.forEach((server) => server.closeLease(lease)),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      refusals.close();
    },
  };
}
