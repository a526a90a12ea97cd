import type { GatewayEntry, RegisteredGateway } from '../chain/gateway-chain.ts';

/** The one transaction that is due. */
export type Step = 'register' | 'reset' | 'goOnline' | 'updateEndpoint' | 'heartbeat';

/** What brings the chain nearer to the entry; a heartbeat when all stands as it should. */
export function planStep(wanted: GatewayEntry, now: RegisteredGateway | undefined): Step {
  if (now === undefined) return 'register';
  if (now.status === 'Dropped') return 'reset';
  if (now.status === 'Offline') return 'goOnline';
  const same = now.peerId === wanted.peerId && sameList(now.multiaddrs, wanted.multiaddrs);
  return same ? 'heartbeat' : 'updateEndpoint';
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
