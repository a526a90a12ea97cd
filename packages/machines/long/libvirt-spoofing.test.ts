import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { runCommand } from '../src/host/run-command.ts';
import { tapsOf } from '../src/libvirt/close-link.ts';
import { machineNames } from '../src/libvirt/names.ts';
import type { MachineNames } from '../src/libvirt/names.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { rootRequirement, TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 240_000;
const ATTACK = fileURLToPath(new URL('support/attack.sh', import.meta.url));
const GROUP = '239.77.0.1';
const LISTENING = '0A';

const requirements = [...(await virtualMachineRequirements()), await rootRequirement()];

describeWith(requirements, 'a virtual machine whose root attacks its network', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
  const order = { leaseId: 'attacker', spec, image: 'tiny', sshPublicKeys: [renter.publicKey] };
  let driver: MachineDriver;
  let endpoint: Endpoint;

  beforeAll(async () => {
    await world.setUp();
    driver = world.driver();
    ({ endpoint } = await driver.create(order));
    await driver.waitReady(order.leaseId);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await driver.destroy(order.leaseId);
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string, stdin = ''): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command, stdin }, TIMEOUT_MS)).stdout;
  const onNetwork = (last: number): string => endpoint.host.replace(/\d+$/, `${last}`);
  const gateway = (): string => onNetwork(1);
  const names = (): MachineNames => machineNames(world.chain, order.leaseId, world.stateDir);

  /** Of the host on the machine's network, where libvirt has none unless somebody makes one. */
  const hostIpv6 = async (): Promise<string> => {
    const { bridge } = names();
    await writeFile(`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, '0');
    const find = (): Promise<string | undefined> => {
      const addresses = os.networkInterfaces()[bridge] ?? [];
      return Promise.resolve(addresses.find(({ family }) => family === 'IPv6')?.address);
    };
    return pollUntil(find, { signal: AbortSignal.timeout(30_000), intervalMs: 100 });
  };

  const attack = async (): Promise<string> => {
    await run('cat >/tmp/attack', await readFile(ATTACK, 'utf8'));
    const args = [gateway(), endpoint.host, onNetwork(99), await hostIpv6()].join(' ');
    await run(`setsid sh /tmp/attack ${args} >/tmp/said 2>&1 </dev/null &`);
    const said = async (): Promise<string | undefined> => {
      const text = await run('cat /tmp/said').catch(() => '');
      return text.includes('end\n') ? text : undefined;
    };
    return pollUntil(said, { signal: AbortSignal.timeout(TIMEOUT_MS), intervalMs: 500 });
  };

  const resists = async (): Promise<void> => {
    const said = await attack();
    const answered = said.split('\n').filter((line) => line.endsWith(': answered'));
    expect(answered).toEqual([
      'own ARP: answered',
      'own DNS: answered',
      'IPv6 of its own: answered',
      'own DNS again: answered',
    ]);
  };

  it('is heard under its own addresses alone, and not by IPv6', { timeout: TIMEOUT_MS }, resists);

  it('finds no port of its host open', { timeout: TIMEOUT_MS }, async () => {
    const own = createServer().listen(0, '0.0.0.0');
    onTestFinished(() => void own.close());
    await once(own, 'listening');
    const ports = await listeningPorts();
    expect(ports).toContain((own.address() as AddressInfo).port);
    const scan = ports
      .map((port) => `(nc -w 3 -e /bin/true ${gateway()} ${port} && echo open ${port}) 2>/dev/null &`)
      .join('\n');
    expect(await run(`${scan}\nwait`)).toBe('');
  });

  it(
    'gets no datagram to its host, neither to it alone nor to a group',
    { timeout: TIMEOUT_MS },
    async () => {
      const socket = dgram.createSocket('udp4').bind(0, '0.0.0.0');
      await once(socket, 'listening');
      const heard: string[] = [];
      socket.on('message', (message) => heard.push(message.toString()));
      try {
        const { port } = socket.address();
        socket.addMembership(GROUP, gateway());
        socket.setMulticastInterface(gateway());
        await run(`ip route add ${GROUP}/32 dev eth0
        for to in ${gateway()} ${GROUP}; do timeout 2 tftp -g -r guest $to ${port}; done`);
        // Of the host itself: what the guest sent before would have come before.
        const own = once(socket, 'message');
        socket.send('host', port, GROUP);
        await own;
        expect(heard).toEqual(['host']);
      } finally {
        socket.close();
      }
    },
  );

  it('is kept as well after a restart', { timeout: TIMEOUT_MS }, async () => {
    await driver.reboot(order.leaseId);
    await driver.waitReady(order.leaseId);
    const domain = await runCommand('virsh', ['-c', 'qemu:///system', 'dumpxml', names().domain]);
    for (const tap of tapsOf(domain)) {
      const mask = await readFile(`/sys/class/net/${tap}/brport/group_fwd_mask`, 'latin1');
      expect(mask.trim()).toBe('0xfffd');
    }
    await resists();
  });
});

/** Ports on which something of this host accepts connections by IPv4 from anywhere. */
async function listeningPorts(): Promise<number[]> {
  const table = await readFile('/proc/net/tcp', 'latin1');
  const sockets = table.split('\n').map((line) => line.trim().split(/\s+/));
  const open = sockets.filter(([, local, , state]) => state === LISTENING && local?.startsWith('00000000:'));
  return [...new Set(open.map(([, local]) => Number.parseInt(local?.split(':')[1] ?? '', 16)))];
}
