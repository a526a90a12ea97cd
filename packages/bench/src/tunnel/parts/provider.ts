/** A provider, as the daemon has it, whose machine is a port of this host. */
import { createHost, createIdentity, keepReservations, serveTunnel, type GatewayAddress } from '@hamster/p2p';
import { BENCH_GENESIS, benchRenter } from '../grant.ts';
import { servePart } from './serve-part.ts';

export interface ProviderInit {
  readonly gateways: readonly GatewayAddress[];
  readonly machine: number;
}

servePart<ProviderInit>(async ({ gateways, machine }) => {
  const host = await createHost({ identity: await createIdentity(), listen: ['/ip4/127.0.0.1/tcp/0'] });
  const renter = await benchRenter();
  await serveTunnel(host, {
    genesisHash: BENCH_GENESIS,
    async authorise({ account }) {
      if (account === renter.address) return { ok: true };
      return { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' };
    },
    locate: async () => ({ host: '127.0.0.1', port: machine }),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const onChange = (held: readonly string[]): void => {
    if (held.length === gateways.length) resolve();
  };
  keepReservations({ host, gateways: () => gateways, want: gateways.length, everyMs: 100, onChange });
  if (gateways.length > 0) await promise;
  return { ready: { peerId: host.peerId, direct: host.addresses() } };
});
