import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Namespace } from './namespaces.ts';

const run = promisify(execFile);
const LIMIT_MS = 20_000;

export interface Miniupnpd {
  /** What the kernel forwards now: the iptables rules of its chain. */
  forwards(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface MiniupnpdOptions {
  readonly speaks: 'UPnP' | 'NAT-PMP';
}

/** The port forwarding service of many home routers, from Debian's miniupnpd-iptables, on a router of the test bed. */
export async function startMiniupnpd(router: Namespace, { speaks }: MiniupnpdOptions): Promise<Miniupnpd> {
  const directory = await mkdtemp(join(tmpdir(), 'hamster-miniupnpd-'));
  const config = join(directory, 'miniupnpd.conf');
  await writeFile(config, settings(speaks, directory));
  await makeChains(router);
  const [program = '', ...before] = router.enter;
  const flags = ['-d', '-f', config, '-P', join(directory, 'pid')];
  const child = spawn(program, [...before, 'miniupnpd', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  await Promise.race([
    listening(child.stderr),
    exited.then(([code]) => Promise.reject(new TypeError(`miniupnpd ended with ${String(code)}`))),
  ]);
  child.stderr.resume();
  return {
    async forwards() {
      const { stdout } = await run(program, [
        ...before,
        'iptables-legacy',
        '-w',
        '5',
        '-t',
        'nat',
        '-S',
        'MINIUPNPD',
      ]);
      return stdout.split('\n').filter((line) => line.startsWith('-A'));
    },
    async stop() {
      child.kill();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function settings(speaks: MiniupnpdOptions['speaks'], directory: string): string {
  return [
    'ext_ifname=wan',
    'listening_ip=lan',
    'ipv6_disable=yes',
    `enable_natpmp=${speaks === 'NAT-PMP' ? 'yes' : 'no'}`,
    `enable_upnp=${speaks === 'UPnP' ? 'yes' : 'no'}`,
    'secure_mode=yes',
    'uuid=00000000-0000-0000-0000-000000000001',
    `lease_file=${join(directory, 'leases')}`,
    'allow 1024-65535 192.168.7.0/24 1024-65535',
    'deny 0-65535 0.0.0.0/0 0-65535',
    '',
  ].join('\n');
}

/** As its own script does at a router's start. It writes to the kernel's older tables, so that its chains are made there. */
async function makeChains(router: Namespace): Promise<void> {
  const rule = (...rest: string[]): Promise<void> => router.run('iptables-legacy', '-w', '5', ...rest);
  for (const table of ['nat', 'mangle', 'filter']) await rule('-t', table, '-N', 'MINIUPNPD');
  await rule('-t', 'nat', '-N', 'MINIUPNPD-POSTROUTING');
  await rule('-t', 'nat', '-I', 'PREROUTING', '-i', 'wan', '-j', 'MINIUPNPD');
  const dnat = ['-i', 'wan', '-m', 'conntrack', '--ctstate', 'DNAT', '-j', 'ACCEPT'];
  await router.run('iptables', '-w', '5', '-I', 'FORWARD', ...dnat);
}

async function listening(log: NodeJS.ReadableStream): Promise<void> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  let said = '';
  while (!/listening (on|for)/i.test(said)) {
    const [chunk] = (await once(log, 'data', { signal })) as [Buffer];
    said += chunk.toString();
  }
}
