import type { GatewayAddress, ProviderAddress } from '@hamster/p2p';
import type { Bench } from '../suite.ts';
import { sshForward, type SshForward } from './ssh-forward.ts';
import { startFlags } from '../start-flags.ts';
import { startPart, type Part } from './start-part.ts';

/** Local ports that all lead to the same machine. */
export interface Ways {
  readonly bare: number;
  /** Through two TCP proxies in a row, as a tunnel has two programs. */
  readonly raw: number;
  /** undefined where there is no sshd. */
  readonly ssh: number | undefined;
  readonly direct: number;
  readonly relayed: number;
}

interface Listening {
  readonly port: number;
}

/** Opens every way, measures, and closes them. Each program is a process of its own. */
export async function withWays<T>(bench: Bench, measure: (ways: Ways) => Promise<T>): Promise<T> {
  const open: (Part<unknown> | SshForward)[] = [];
  const profile = bench.options['cpu-prof'];
  const nodeArgs = profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [];

  async function part<R>(name: string, init: unknown = {}, flags: readonly string[] = []): Promise<R> {
    const started = await startPart<R>(name, { init, nodeArgs: [...nodeArgs, ...flags] });
    open.push(started);
    return started.ready;
  }

  try {
    const { port: bare } = await part<Listening>('machine');
    const near = await part<Listening>('raw-proxy', { target: bare });
    const { port: raw } = await part<Listening>('raw-proxy', { target: near.port });
    const gateway = await part<GatewayAddress>('gateway', {}, await startFlags('gateway'));
    const provider = await part<ProviderAddress>('provider', { gateways: [gateway], machine: bare });
    const { port: direct } = await part<Listening>('client', { gateways: [], provider });
    const relay = { gateways: [gateway], provider: { peerId: provider.peerId } };
    const { port: relayed } = await part<Listening>('client', relay);
    const ssh = await sshForward(bench.folder, bare);
    if (ssh) open.push(ssh);
    else bench.note('there is no sshd here, so nothing is compared with ssh -L; install openssh-server');
    return await measure({ bare, raw, ssh: ssh?.port, direct, relayed });
  } finally {
    for (const each of open.reverse()) await each.stop();
  }
}
