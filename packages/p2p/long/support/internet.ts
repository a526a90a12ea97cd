import { createNamespace, type Namespace } from './namespaces.ts';

export type Mapping =
  /** The port that a host comes from stays the same, whoever it talks to. */
  | 'endpoint-independent'
  /** Every connection gets a port by chance. */
  | 'random';

export interface NatOptions {
  readonly mapping: Mapping;
  /** A TCP port of the public address that is handed on to the host behind. */
  readonly forwarded?: number;
  /** After how many seconds the router forgets a connection on which nothing comes, in place of five days. */
  readonly forgetsAfter?: number;
}

export interface HomeHost extends Namespace {
  /** Its private address is 192.168.7.1. */
  readonly router: Namespace;
}

/** A small internet of namespaces: public hosts on one wire, and hosts behind NAT. */
export interface Internet {
  /** A host with a public address. */
  publicHost(address: string): Promise<Namespace>;
  /** A host with a private address, behind a router with a public one. */
  hostBehindNat(address: string, nat: NatOptions): Promise<HomeHost>;
  stop(): Promise<void>;
}

const INSIDE = '192.168.7';

export async function createInternet(): Promise<Internet> {
  const all: Namespace[] = [];
  let wires = 0;

  async function namespace(): Promise<Namespace> {
    const made = await createNamespace();
    all.push(made);
    return made;
  }

  const wire = await namespace();
  await wire.run('ip', 'link', 'add', 'wire', 'type', 'bridge');
  await wire.run('ip', 'link', 'set', 'wire', 'up');

  async function publicHost(address: string): Promise<Namespace> {
    const host = await namespace();
    const end = `w${(wires += 1)}`;
    await cable(wire, end, host, 'wan');
    await wire.run('ip', 'link', 'set', end, 'master', 'wire', 'up');
    await host.run('ip', 'address', 'add', `${address}/8`, 'dev', 'wan');
    await host.run('ip', 'link', 'set', 'wan', 'up');
    return host;
  }

  return {
    publicHost,
    async hostBehindNat(address, nat) {
      const router = await publicHost(address);
      const host = await namespace();
      await cable(router, 'lan', host, 'lan');
      await router.run('ip', 'address', 'add', `${INSIDE}.1/24`, 'dev', 'lan');
      await router.run('ip', 'link', 'set', 'lan', 'up');
      await host.run('ip', 'address', 'add', `${INSIDE}.2/24`, 'dev', 'lan');
      await host.run('ip', 'link', 'set', 'lan', 'up');
      await host.run('ip', 'route', 'add', 'default', 'via', `${INSIDE}.1`);
      await masquerade(router, nat);
      return { ...host, router };
    },
    async stop() {
      for (const each of all.reverse()) await each.stop();
    },
  };
}

/** Joins two namespaces; the host's own never sees either end. */
async function cable(one: Namespace, nameThere: string, other: Namespace, nameHere: string): Promise<void> {
  const peer = ['peer', 'name', nameHere, 'netns', String(other.pid)];
  await one.run('ip', 'link', 'add', nameThere, 'type', 'veth', ...peer);
}

async function masquerade(
  router: Namespace,
  { mapping, forwarded, forgetsAfter }: NatOptions,
): Promise<void> {
  const rule = (...rest: string[]): Promise<void> => router.run('iptables', '-w', '5', ...rest);
  await router.run('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
  if (forgetsAfter !== undefined)
    await router.run(
      'sysctl',
      '-q',
      '-w',
      `net.netfilter.nf_conntrack_tcp_timeout_established=${forgetsAfter}`,
    );
  const random = mapping === 'random' ? ['--random-fully'] : [];
  await rule('-t', 'nat', '-A', 'POSTROUTING', '-o', 'wan', '-j', 'MASQUERADE', ...random);
  if (forwarded !== undefined) {
    const to = `${INSIDE}.2:${forwarded}`;
    const tcp = ['-i', 'wan', '-p', 'tcp', '--dport', String(forwarded)];
    await rule('-t', 'nat', '-A', 'PREROUTING', ...tcp, '-j', 'DNAT', '--to-destination', to);
    await rule('-A', 'FORWARD', ...tcp, '-j', 'ACCEPT');
  }
  await rule(
    '-A',
    'FORWARD',
    '-i',
    'wan',
    '-m',
    'conntrack',
    '--ctstate',
    'ESTABLISHED,RELATED',
    '-j',
    'ACCEPT',
  );
  // As home routers do: what nobody asked for is dropped without a word.
  await rule('-A', 'FORWARD', '-i', 'wan', '-j', 'DROP');
  await rule('-A', 'INPUT', '-i', 'wan', '-j', 'DROP');
}
