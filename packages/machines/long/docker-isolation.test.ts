import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import type { Endpoint, MachineDriver } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { hostAddresses } from '../src/libvirt/filter.ts';
import { containerRequirements, DockerWorld } from '../test/docker-machine.ts';

const TIMEOUT_MS = 60_000;
const MIB = 1024 ** 2;

describeWith(await containerRequirements(), 'a container', () => {
  const world = new DockerWorld();
  const renter = generateSshKeyPair('renter');
  const service = net.createServer((socket) => socket.end('hello from the host\n'));
  const spec = { cpuCores: 1, memoryMib: 64, diskGib: 1 };
  let driver: MachineDriver;
  let endpoint: Endpoint;
  let neighbour: Endpoint;
  let port: number;

  beforeAll(async () => {
    await world.setUp();
    await new Promise<void>((resolve) => service.listen(0, '0.0.0.0', resolve));
    port = (service.address() as AddressInfo).port;
    driver = world.driver({
      limits: { processes: 48, networkMbit: 8, diskBytesPerSecond: 4 * MIB },
    });
    const order = { spec, image: 'container-tiny', sshPublicKeys: [renter.publicKey] };
    ({ endpoint } = await driver.create({ ...order, leaseId: 'isolated' }));
    ({ endpoint: neighbour } = await driver.create({ ...order, leaseId: 'neighbour' }));
    await driver.waitReady('isolated');
    await driver.waitReady('neighbour');
  }, TIMEOUT_MS);

  afterAll(async () => {
    service.close();
    for (const leaseId of ['isolated', 'neighbour']) await driver.destroy(leaseId);
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;
  const reaches = (address: string, to: number): Promise<string> =>
    run(`nc -w 2 ${address} ${to} </dev/null 2>/dev/null || echo closed`);
  const timed = async (task: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await task();
    return performance.now() - started;
  };
  const gateway = (): string => endpoint.host.replace(/\d+$/, '1');

  it('reaches no service of its host, at any address of it', { timeout: TIMEOUT_MS }, async () => {
    for (const address of [gateway(), ...hostAddresses()])
      expect(await reaches(address, port)).toBe('closed\n');
  });

  it('reaches no other machine, nor anything else private', { timeout: TIMEOUT_MS }, async () => {
    expect(await reaches(neighbour.host, 22)).toBe('closed\n');
    expect(await reaches('169.254.169.254', 80)).toBe('closed\n');
    const rules = await runCommand('iptables', ['-w', '10', '-S', 'HAMSTER-FORWARD']);
    for (const range of ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']) {
      expect(rules).toContain(`-A HAMSTER-FORWARD -d ${range} -j DROP`);
    }
  });

  it('has no daemon, device or raw packet to its name', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('ls /var/run/docker.sock /run/docker.sock 2>/dev/null | wc -l')).toBe('0\n');
    expect(await run('mount -t tmpfs none /mnt 2>/dev/null || echo refused')).toBe('refused\n');
    expect(await run('ping -c 1 -W 1 127.0.0.1 >/dev/null 2>&1 || echo refused')).toBe('refused\n');
    expect(await run('mknod /data/disk b 7 0 2>/dev/null || echo refused')).toBe('refused\n');
    expect(await run('grep NoNewPrivs /proc/self/status')).toMatch(/1$/m);
    expect(await run('grep Seccomp: /proc/self/status')).toMatch(/2$/m);
    expect(await run('touch /etc/x 2>/dev/null || echo refused')).toBe('refused\n');
  });

  it('has a name and an id of its own', { timeout: TIMEOUT_MS }, async () => {
    const [name, id = ''] = (await run('hostname; cat /etc/machine-id')).split('\n');
    expect(name).toBe('hamster-isolated');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const other = { endpoint: neighbour, privateKey: renter.privateKey, command: 'cat /etc/machine-id' };
    expect((await login(other, TIMEOUT_MS)).stdout).not.toContain(id);
  });

  it('knows no password, and its host key is the one that was told', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('grep -c ":\\*:" /etc/shadow')).toBe('2\n');
    const { hostKey } = await driver.waitReady('isolated');
    const held = await run('dropbearkey -y -f /hamster/dropbear_ed25519_host_key | grep ^ssh-ed25519');
    expect(held.split(' ').slice(0, 2).join(' ')).toBe(hostKey);
  });

  it('lesson 21: feels its limits of processes, memory and disk', { timeout: TIMEOUT_MS }, async () => {
    const forks = 'i=0; while [ $i -lt 64 ]; do sleep 5 & i=$((i+1)); done 2>&1 | grep -c "fork"';
    expect(Number(await run(forks))).toBeGreaterThan(0);
    const memory = await run('head -c 100m /dev/zero | tail >/dev/null 2>&1; echo $?');
    expect(Number(memory)).not.toBe(0);
    const disk =
      'dd if=/dev/zero of=/data/big bs=1M count=1100 2>/dev/null || echo full; sync; stat -c %s /data/big';
    const [said, size] = (await run(disk)).split('\n');
    expect(said).toBe('full');
    expect(Number(size)).toBeLessThanOrEqual(1024 * MIB);
    // The kernel keeps as much of the file as there is memory; that is not used up.
    const { memory: counted } = await driver.metrics('isolated');
    expect(counted.usedBytes).toBeLessThan((spec.memoryMib * MIB) / 2);
    await run('rm /data/big');
  });

  it(
    'lesson 21: feels its limits of CPUs and of what disk and network give',
    { timeout: TIMEOUT_MS },
    async () => {
      expect(await run('nproc')).toBe('1\n');
      // Two busy programs get one CPU's time between them.
      const busy = 'for i in 1 2; do timeout 2 sh -c "while :; do :; done" & done; wait; times';
      const spent = [...(await run(busy)).matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, m, s]) => Number(m) * 60 + Number(s),
      );
      expect(spent.reduce((sum, each) => sum + each, 0)).toBeLessThan(2.6);
      await run('dd if=/dev/zero of=/data/rate bs=1M count=12 conv=fsync 2>/dev/null');
      const direct = await timed(() =>
        run('dd if=/data/rate of=/dev/null bs=1M iflag=direct 2>/dev/null; rm /data/rate'),
      );
      expect(direct).toBeGreaterThan(2_000);
      const traffic = await timed(async () => {
        expect(await run('head -c 3000000 /dev/zero')).toHaveLength(3_000_000);
      });
      expect(traffic).toBeGreaterThan(2_000);
      const stdin = 'x'.repeat(3_000_000);
      const sending = { endpoint, privateKey: renter.privateKey, command: 'wc -c', stdin };
      const upload = await timed(async () =>
        expect((await login(sending, TIMEOUT_MS)).stdout).toBe('3000000\n'),
      );
      expect(upload).toBeGreaterThan(2_000);
      expect(await run('ip link set dev eth0 mtu 1400 2>/dev/null || echo refused')).toBe('refused\n');
    },
  );

  it('finds nothing open on its host or around it with a scan', { timeout: TIMEOUT_MS }, async () => {
    const ports = [22, 53, 80, 111, 443, 2375, 2376, 9615, 9944, 16509, port];
    const targets = [gateway(), '172.17.0.1', neighbour.host, '10.0.0.1', '192.168.1.1', '100.64.0.1'];
    const one = 'nc -w 1 $1 $2 </dev/null >/dev/null 2>&1 && echo "$1:$2"';
    const scan = `for a in ${targets.join(' ')}; do for p in ${ports.join(' ')}; do (set -- $a $p; ${one}) & done; wait; done`;
    expect(await run(scan)).toBe('');
    // The scan itself works: the machine's own server is found.
    expect(await run(`set -- 127.0.0.1 22; ${one}`)).toBe('127.0.0.1:22\n');
  });

  it('is left out of the tables of its host when it has gone', { timeout: TIMEOUT_MS }, async () => {
    await driver.destroy('neighbour');
    expect(await driver.inspect('neighbour')).toBeUndefined();
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain('/neighbour/');
  });
});
