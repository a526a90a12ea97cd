import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Machine, MachineDriver, MachineOrder, MachineSpec } from '../driver.ts';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { login } from './ssh-login.ts';

export type ComplianceTarget = {
  name: string;
  /** A fresh driver over the same host state each time it is called, as after a crash of the daemon. */
  createDriver(): Promise<MachineDriver>;
  image: string;
  spec: MachineSpec;
  /** Lease ids unique to this run, so that nothing left by another run is in the way. */
  leaseId: string;
  timeoutMs: number;
  /** Whether machines of this kind have memory of their own, so that it can be checked from inside. */
  ownsMemory: boolean;
};

/** Registers the tests that every machine driver passes. One machine is made and used by most of them. */
export function runMachineCompliance(target: ComplianceTarget): void {
  const { leaseId, timeoutMs } = target;
  const renter = generateSshKeyPair('renter');
  const order: MachineOrder = {
    leaseId,
    spec: target.spec,
    image: target.image,
    sshPublicKeys: [renter.publicKey],
  };

  describe(`machine driver: ${target.name}`, { timeout: timeoutMs }, () => {
    let driver: MachineDriver;
    let machine: Machine;
    let hostKey: string;
    const run = (command: string, stdin = '') =>
      login({ endpoint: machine.endpoint, privateKey: renter.privateKey, command, stdin }, timeoutMs);

    beforeAll(async () => {
      driver = await target.createDriver();
      machine = await driver.create(order);
      ({ hostKey } = await driver.waitReady(leaseId));
    }, timeoutMs);

    afterAll(async () => {
      await driver.destroy(leaseId);
      await driver.close();
    }, timeoutMs);

    it('passes its own self-test and offers the image', async () => {
      const report = await driver.selfTest();
      expect(report.checks.filter((check) => !check.passed && check.level === 'required')).toEqual([]);
      expect((await driver.images()).map(({ name }) => name)).toContain(target.image);
    });

    it('offers at least what was ordered', async () => {
      const capacity = await driver.capacity();
      expect(capacity.cpuCores).toBeGreaterThanOrEqual(target.spec.cpuCores);
      expect(capacity.memoryMib).toBeGreaterThanOrEqual(target.spec.memoryMib);
    });

    it('lets the renter in by key and passes on output, errors and exit status', async () => {
      expect(await run('echo out; echo err >&2; exit 7')).toEqual({
        code: 7,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });

    it('passes on the end of input', async () => {
      expect((await run('cat; echo end', 'first\nlast\n')).stdout).toBe('first\nlast\nend\n');
    });

    it('carries a megabyte unharmed', async () => {
      const text = 'hamster '.repeat(131_072);
      expect((await run('cat', text)).stdout).toBe(text);
    });

    it('lesson 21: shows as many CPUs as ordered', async () => {
      expect((await run('nproc')).stdout.trim()).toBe(`${target.spec.cpuCores}`);
    });

    if (target.ownsMemory) {
      it('shows the memory ordered, less what its kernel keeps', async () => {
        const mib = Number((await run('grep MemTotal /proc/meminfo')).stdout.split(/ +/)[1]) / 1024;
        expect(mib).toBeLessThanOrEqual(target.spec.memoryMib);
        expect(mib).toBeGreaterThan(target.spec.memoryMib * 0.75);
      });
    }

    it('lesson 21: refuses passwords', async () => {
      for (const password of ['', 'root', 'renter']) {
        const attempt = login({ endpoint: machine.endpoint, password, command: 'true' }, timeoutMs);
        await expect(attempt).rejects.toThrow(/authentication methods failed/);
      }
    });

    it('refuses the key of somebody else', async () => {
      const { privateKey } = generateSshKeyPair('stranger');
      const attempt = login({ endpoint: machine.endpoint, privateKey, command: 'true' }, timeoutMs);
      await expect(attempt).rejects.toThrow(/authentication methods failed/);
    });

    it('says what the machine has', async () => {
      expect(await driver.inspect(leaseId)).toEqual({
        ...target.spec,
        leaseId,
        image: target.image,
        running: true,
        wanted: 'running',
      });
    });

    it('takes a repeated create for the same machine and refuses another order', async () => {
      await expect(driver.create(order)).resolves.toEqual(machine);
      const other = { ...order, spec: { ...order.spec, memoryMib: order.spec.memoryMib + 1 } };
      await expect(driver.create(other)).rejects.toMatchObject({ code: 'OrderConflict' });
    });

    it('finds its machines after a crash of the daemon, and their host key is the same', async () => {
      const next = await target.createDriver();
      expect((await next.list()).map((state) => state.leaseId)).toContain(leaseId);
      expect(await next.endpoint(leaseId)).toEqual(machine.endpoint);
      expect(await next.waitReady(leaseId)).toEqual({ hostKey });
      await next.close();
    });

    it('stops and starts, and keeps its files and its host key', async () => {
      await run('echo kept > file && sync');
      await driver.stop(leaseId);
      expect(await driver.inspect(leaseId)).toMatchObject({ running: false, wanted: 'stopped' });
      await driver.start(leaseId);
      machine = { leaseId, endpoint: await driver.endpoint(leaseId) };
      expect(await driver.waitReady(leaseId)).toEqual({ hostKey });
      expect((await run('cat file')).stdout).toBe('kept\n');
    });

    it('refuses orders that no machine can be made from', async () => {
      const bad: Partial<MachineOrder>[] = [
        { leaseId: '../x' },
        { spec: { ...order.spec, cpuCores: 0 } },
        { sshPublicKeys: [] },
        { sshPublicKeys: [`${renter.publicKey}\nssh-ed25519 AAAA`] },
        { image: 'no-such-image' },
      ];
      for (const change of bad) {
        const refused = Promise.resolve().then(() =>
          driver.create({ ...order, leaseId: `${leaseId}b`, ...change }),
        );
        await expect(refused).rejects.toMatchObject({ fault: 'order' });
      }
    });

    it('destroys, twice, and leaves nothing', async () => {
      await driver.destroy(leaseId);
      await driver.destroy(leaseId);
      expect(await driver.inspect(leaseId)).toBeUndefined();
      expect((await driver.list()).map((state) => state.leaseId)).not.toContain(leaseId);
      await expect(driver.endpoint(leaseId)).rejects.toMatchObject({ code: 'MachineNotFound' });
    });
  });
}
