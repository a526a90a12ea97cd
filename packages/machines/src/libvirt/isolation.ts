import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Libvirt } from '@hamster/libvirt';
import type { SelfTestCheck } from '../driver.ts';
import { MachineError, textOf } from '../errors.ts';
import { mayChangeLinks } from '../host/rights.ts';
import { ensureFilter } from './filter.ts';

const BRIDGE_FILTER = '/proc/sys/net/bridge/bridge-nf-call-iptables';
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const TOOLS = ['ebtables', 'iptables'];
const TOOL_DIRECTORIES = ['/usr/sbin', '/sbin', '/usr/bin'];

/** What must hold so that guests are kept from the host, its network and each other. */
export async function isolationChecks(libvirt: Libvirt): Promise<SelfTestCheck[]> {
  return [await filterCheck(libvirt), toolsCheck(), await bridgeCheck(), await rightsCheck()];
}

export async function forwardingCheck(): Promise<SelfTestCheck> {
  const passed = (await setting(FORWARDING)) === '1';
  const detail = passed ? 'on' : 'off until libvirt starts a network';
  return { name: 'IPv4 forwarding', passed, level: 'advice', detail };
}

async function filterCheck(libvirt: Libvirt): Promise<SelfTestCheck> {
  const problem = await ensureFilter(libvirt).then(() => undefined, textOf);
  const detail = problem ?? 'libvirt took the filter hamster-guest';
  return { name: 'network filter', passed: problem === undefined, level: 'required', detail };
}

function toolsCheck(): SelfTestCheck {
  const missing = TOOLS.filter((tool) => !TOOL_DIRECTORIES.some((path) => existsSync(`${path}/${tool}`)));
  const detail = missing.length === 0 ? TOOLS.join(', ') : `missing: ${missing.join(', ')}`;
  return { name: 'firewall tools', passed: missing.length === 0, level: 'required', detail };
}

// Without it a guest opens connections to the host at the gateway's address: see filterXml.
async function bridgeCheck(): Promise<SelfTestCheck> {
  const value = await setting(BRIDGE_FILTER);
  const passed = value === '1';
  const detail = `net.bridge.bridge-nf-call-iptables is ${value ?? 'not there'}${passed ? '' : ', must be 1'}`;
  return { name: 'filtering on bridges', passed, level: 'required', detail };
}

// Without it a guest's link stays open to reserved addresses: see closeLinks.
async function rightsCheck(): Promise<SelfTestCheck> {
  const passed = await mayChangeLinks();
  const missing =
    'this process has no CAP_NET_ADMIN: run it as root, or give it AmbientCapabilities=CAP_NET_ADMIN in its systemd unit';
  return { name: 'right to change links', passed, level: 'required', detail: passed ? 'there' : missing };
}

async function setting(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'latin1').catch(() => undefined);
  return text?.trim();
}

/** Throws `HostUnfit` with what is missing. */
export async function requireIsolation(libvirt: Libvirt): Promise<void> {
  const failed = (await isolationChecks(libvirt)).filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const reasons = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  throw new MachineError('HostUnfit', `guests cannot be kept from this host's network (${reasons})`);
}
