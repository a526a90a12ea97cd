import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { connectLibvirt } from '@hamster/libvirt';
import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { isClosed } from '../src/host/closed-ranges.ts';
import { pollUntil } from '../src/host/poll.ts';
import { runCommand } from '../src/host/run-command.ts';
import { tapsOf } from '../src/libvirt/close-link.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';
import { arp, BROADCAST, ethernet, TYPE } from './support/frame.ts';
import { FrameWatch, FRAMES_PROGRAM, packedPerl } from './support/frame-watch.ts';
import type { SeenFrame } from './support/frame-watch.ts';
import { HostileFrames, isOf } from './support/hostile-frames.ts';

const TIMEOUT_MS = 240_000;
const END = Buffer.from('mark-of-the-end');
const STRANGERS = 500;
/** Pause frames, what is of no version that its type says, and a fragment alone. */
const DROPPED_ANYWAY = /^to 01:80:c2:00:00:01|^IPv4 in a frame of IPv6$|^a fragment in the middle$/;
const NEIGHBOUR_SOLICITATION = 135;
/** Bytes for each card that a bridge has learned. */
const LEARNED = 16;
const SEND = `LC_ALL=C LD_LIBRARY_PATH=/tmp/perl/lib/x86_64-linux-gnu:/tmp/perl/usr/lib/x86_64-linux-gnu
  export LC_ALL LD_LIBRARY_PATH
  $(find /tmp/perl -name 'ld-linux*' | head -n 1) /tmp/perl/usr/bin/perl /tmp/frames.pl send eth0 2>&1`;
const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'a virtual machine whose root sends frames of its own making', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const order = {
    leaseId: 'frames',
    spec: { cpuCores: 1, memoryMib: 192, diskGib: 1 },
    image: 'tiny',
    sshPublicKeys: [renter.publicKey],
  };
  const warnings: string[] = [];
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let libvirt: Libvirt;
  let domain: DomainRef;
  let watch: FrameWatch;
  let hostile: HostileFrames;
  let tap: string;
  let own: { mac: string; bridge: string; gateway: [mac: string, address: string] };

  const run = async (command: string, stdin = ''): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command, stdin }, TIMEOUT_MS)).stdout;
  const forwards = async (mask: number): Promise<void> => {
    const set = ['group_fwd_mask', `${mask}`];
    await runCommand('ip', ['link', 'set', 'dev', tap, 'type', 'bridge_slave', ...set]);
  };

  beforeAll(async () => {
    await world.setUp();
    driver = world.driver({ onWarning: (_lease, text) => warnings.push(text) });
    libvirt = await connectLibvirt();
    ({ endpoint } = await driver.create(order));
    await driver.waitReady(order.leaseId);
    const { domain: name, mac, bridge } = machineNames(world.chain, order.leaseId, world.stateDir);
    domain = await libvirt.domains.lookupByName(name);
    tap = tapsOf(await libvirt.domains.xml(domain))[0] ?? '';
    await run('mkdir /tmp/perl && base64 -d | gunzip | tar -xf - -C /tmp/perl', await packedPerl());
    await run('cat >/tmp/frames.pl', await readFile(FRAMES_PROGRAM, 'utf8'));
    const address = endpoint.host.replace(/\d+$/, '1');
    const ipv6 = await ipv6Of(bridge);
    own = { mac, bridge, gateway: [os.networkInterfaces()[bridge]?.[0]?.mac ?? '', address] };
    hostile = new HostileFrames({
      guest: { mac, address: endpoint.host },
      host: { mac: own.gateway[0], address, ipv6 },
      tapIpv6: await ipv6Of(tap),
      ...otherAddresses(bridge),
      udpPort: 4000,
      tcpPort: 4001,
    });
    watch = new FrameWatch(tap);
    await watch.start();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await watch.stop();
    await libvirt.close();
    await driver.destroy(order.leaseId);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  /** What the host saw of these frames, and of a last one that is as it should be. */
  const send = async (frames: readonly Buffer[]): Promise<readonly SeenFrame[]> => {
    const question = arp({ operation: 1, from: [own.mac, endpoint.host], to: own.gateway });
    const last = Buffer.concat([ethernet(BROADCAST, own.mac, TYPE.arp, question), END]);
    const said = await run(SEND, [...frames, last].map((frame) => `${frame.toString('hex')}\n`).join(''));
    expect(said).toBe('');
    return watch.until(END);
  };

  const attack = async (): Promise<{ arrived: Set<string>; answered: Set<string>; other: string[] }> => {
    const seen = await send(hostile.all.map(({ frame }) => frame));
    const came = seen.filter(({ direction }) => direction === 'in');
    const went = seen.filter(({ direction }) => direction === 'out').map(({ frame }) => frame);
    const arrived = hostile.all.filter((sent) => came.some(({ frame }) => isOf(sent, frame)));
    const toPorts = went.filter(isTcp).map((frame) => hostile.tcpPorts.get(frame.readUInt16BE(36)));
    return {
      arrived: new Set(arrived.map(({ name }) => name)),
      answered: new Set(toPorts.filter((name) => name !== undefined)),
      other: went
        .filter((frame) => !isTcp(frame) && !isExpected(frame))
        .map((frame) => frame.toString('hex')),
    };
  };

  /** Questions and answers of the gateway; what the host tells and asks its neighbours by itself, because it has IPv6 here. */
  const isExpected = (frame: Buffer): boolean => {
    const type = frame.readUInt16BE(12);
    if (type === TYPE.arp) return [...frame.subarray(28, 32)].join('.') === own.gateway[1];
    const toGroup = frame.readUInt16BE(0) === 0x3333;
    return type === TYPE.ipv6 && (toGroup || frame[54] === NEIGHBOUR_SOLICITATION);
  };

  const strangers = async (): Promise<number> => {
    const cards = Array.from(
      { length: STRANGERS },
      (_, index) => `52:54:01:00:${hex(index >> 8)}:${hex(index & 255)}`,
    );
    const to = ['01:80:c2:00:00:0e', BROADCAST];
    await send(cards.flatMap((card) => to.map((each) => ethernet(each, card, TYPE.arp, Buffer.alloc(28)))));
    return (await readFile(`/sys/class/net/${own.bridge}/brforward`)).length / LEARNED;
  };

  const resists = async (): Promise<void> => {
    const { arrived, answered, other } = await attack();
    expect([...arrived]).toEqual([]);
    expect([...answered]).toEqual([]);
    expect(other).toEqual([]);
    // No route and no address of a router that the guest plays.
    expect(await readFile('/proc/net/ipv6_route', 'latin1')).not.toMatch(/^20010db80077/m);
    expect(await readFile('/proc/net/if_inet6', 'latin1')).not.toMatch(/^20010db80077/m);
  };

  it('gets none of them to its host, and no answer', { timeout: TIMEOUT_MS }, resists);

  it('is known by its own card alone', { timeout: TIMEOUT_MS }, async () => {
    expect(await strangers()).toBeLessThan(10);
  });

  it('is guarded: rules that another program threw away come back', { timeout: TIMEOUT_MS }, async () => {
    for (const card of [tap, own.bridge]) await writeFile(`/proc/sys/net/ipv6/conf/${card}/accept_ra`, '0');
    const hook = ['-m', 'physdev', '--physdev-in', tap, '-g', `HI-${tap}`];
    await forwards(0);
    await runCommand('ebtables', ['-t', 'nat', '-D', 'PREROUTING', '-i', tap, '-j', `libvirt-I-${tap}`]);
    await runCommand('iptables', ['-w', '10', '-D', 'libvirt-host-in', ...hook]);
    // So the tests of before could fail. What is left out is what the kernel drops by itself, or waits for the rest of.
    const { arrived, answered } = await attack();
    const missing = hostile.all.filter(({ name, mark }) => mark !== undefined && !arrived.has(name));
    expect(missing.map(({ name }) => name).filter((name) => !DROPPED_ANYWAY.test(name))).toEqual([]);
    expect([...answered]).toContain('VLAN 0: a connection');
    expect(await strangers()).toBeGreaterThan(STRANGERS);
    // By a daemon that was started again, and has changed nothing yet.
    await driver.close();
    driver = world.driver({ onWarning: (_lease, text) => warnings.push(text) });
    await driver.guard?.();
    expect(warnings).toEqual([expect.stringContaining('its rules were gone')]);
    await resists();
    await driver.guard?.();
    expect(warnings).toHaveLength(1);
  });

  function isTcp(frame: Buffer): boolean {
    return frame.readUInt16BE(12) === TYPE.ipv4 && frame[23] === 6;
  }
});

async function ipv6Of(card: string): Promise<string> {
  await writeFile(`/proc/sys/net/ipv6/conf/${card}/disable_ipv6`, '0');
  const find = (): Promise<string | undefined> =>
    Promise.resolve((os.networkInterfaces()[card] ?? []).find(({ family }) => family === 'IPv6')?.address);
  return pollUntil(find, { signal: AbortSignal.timeout(30_000), intervalMs: 100 });
}

/** Of the host on other networks: one that is private, if there is, and one by which it is known outside. */
function otherAddresses(bridge: string): { other: string; outside: string } {
  const cards = Object.entries(os.networkInterfaces()).filter(([name]) => name !== bridge);
  const all = cards
    .flatMap(([, list]) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const addresses = all.map(({ address }) => address);
  const [first = '192.0.2.1'] = addresses;
  return {
    other: addresses.find(isClosed) ?? first,
    outside: addresses.find((each) => !isClosed(each)) ?? first,
  };
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');
