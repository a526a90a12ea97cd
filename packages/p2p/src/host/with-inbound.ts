import type { Upgrader } from '@libp2p/interface';

type UpgradeInbound = (upgrader: Upgrader, ...given: Parameters<Upgrader['upgradeInbound']>) => Promise<void>;

/** An upgrader as it was, but for what is done with connections that come in. */
export function withInbound(upgrader: Upgrader, upgradeInbound: UpgradeInbound): Upgrader {
  return {
    upgradeInbound: (...given: Parameters<Upgrader['upgradeInbound']>) => upgradeInbound(upgrader, ...given),
    upgradeOutbound: upgrader.upgradeOutbound.bind(upgrader),
    createInboundAbortSignal: upgrader.createInboundAbortSignal.bind(upgrader),
    getStreamMuxers: upgrader.getStreamMuxers.bind(upgrader),
    getConnectionEncrypters: upgrader.getConnectionEncrypters.bind(upgrader),
  };
}
