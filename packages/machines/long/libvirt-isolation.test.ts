import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import type { Endpoint } from '../src/index.ts';
import { pollUntil } from '../src/host/poll.ts';
import { hostAddresses } from '../src/libvirt/filter.ts';
import { describeWith, login } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from '../test/libvirt-machine.ts';

const TIMEOUT_MS = 240_000;

describeWith(await virtualMachineRequirements(), 'a virtual machine', () => {
  const world = new TestWorld();
  const renter = generateSshKeyPair('renter');
  const service = net.createServer((socket) => socket.end('hello from the host\n'));
  let endpoint: Endpoint;
  let port: number;

  beforeAll(async () => {
    await world.setUp();
    await new Promise<void>((resolve) => service.listen(0, '0.0.0.0', resolve));
    port = (service.address() as AddressInfo).port;
    const driver = world.driver();
    const spec = { cpuCores: 1, memoryMib: 192, diskGib: 1 };
    const order = { leaseId: 'isolated', spec, image: 'tiny', sshPublicKeys: [renter.publicKey] };
    ({ endpoint } = await driver.create(order));
    await driver.waitReady(order.leaseId);
    await driver.close();
  }, TIMEOUT_MS);

  afterAll(async () => {
    service.close();
    const driver = world.driver();
    await driver.destroy('isolated');
    await driver.close();
    await world.tearDown();
  }, TIMEOUT_MS);

  const run = async (command: string): Promise<string> =>
    (await login({ endpoint, privateKey: renter.privateKey, command }, TIMEOUT_MS)).stdout;
  const gateway = (): string => endpoint.host.replace(/\d+$/, '1');

  it('lesson 21: reaches no service of its host, at any address of it', { timeout: TIMEOUT_MS }, async () => {
    for (const address of [gateway(), ...hostAddresses()]) {
      expect(await run(`nc -w 3 ${address} ${port} </dev/null || echo closed`)).toBe('closed\n');
    }
  });

  it('does not reach it from the port of its own SSH server either', { timeout: TIMEOUT_MS }, async () => {
    // Only the listener goes; the process that serves this login stays.
    const takePort = 'kill $(cat /var/run/dropbear.pid); ';
    const connect = `nc -p 22 -w 3 ${gateway()} ${port} </dev/null 2>/tmp/error || echo closed; cat /tmp/error`;
    const restart = '; dropbear -s -g -r /data/.hamster/ssh_host_ed25519_key';
    const said = await run(takePort + connect + restart);
    expect(said).toContain('closed');
    expect(said).not.toMatch(/hello|in use/);
  });

  it('answers its host on every port, for forwarded connections', { timeout: TIMEOUT_MS }, async () => {
    await run('(echo hello from the guest | nc -l -p 8080 >/dev/null 2>&1 &) ; true');
    const answered = async (): Promise<string | undefined> =>
      read(endpoint.host, 8080).catch(() => undefined);
    const options = { signal: AbortSignal.timeout(30_000), intervalMs: 100 };
    expect(await pollUntil(answered, options)).toBe('hello from the guest\n');
  });

  it('resolves names through its gateway', { timeout: TIMEOUT_MS }, async () => {
    expect(await run('cat /etc/resolv.conf')).toBe(`nameserver ${gateway()}\n`);
    expect(await run(`nslookup hamster ${gateway()} 2>&1`)).toContain(endpoint.host);
  });
});

function read(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
}
