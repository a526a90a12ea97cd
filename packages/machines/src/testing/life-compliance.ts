import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeysEffect, MachineDriver, MachineOrder } from '../driver.ts';
import { pollUntil } from '../host/poll.ts';
import type { ComplianceTarget } from './compliance.ts';
import { ConsoleReader } from './console-reader.ts';
import { login } from './ssh-login.ts';

/**
 * Registers the tests of what a renter does with a machine between its order and its end. Every driver passes them. They
 * start the machine anew some six times.
 */
export function runLifeCompliance(target: ComplianceTarget): void {
  const { leaseId, timeoutMs, spec, image } = target;
  const first = generateSshKeyPair('first');
  const second = generateSshKeyPair('second');
  const order: MachineOrder = { leaseId, spec, image, sshPublicKeys: [first.publicKey] };

  describe(`life of a machine: ${target.name}`, { timeout: timeoutMs }, () => {
    let driver: MachineDriver;
    let hostKey: string;
    let key = first;

    const run = async (command: string, privateKey = key.privateKey): Promise<string> => {
      const endpoint = await driver.endpoint(leaseId);
      return (await login({ endpoint, privateKey, command }, timeoutMs)).stdout;
    };
    const comesBack = async (): Promise<void> => {
      expect(await driver.waitReady(leaseId)).toEqual({ hostKey });
      expect(await driver.inspect(leaseId)).toMatchObject({ running: true, wanted: 'running' });
    };
    const takeEffect = async (effect: KeysEffect): Promise<void> => {
      if (effect === 'next-start') await driver.reboot(leaseId);
      await comesBack();
    };

    beforeAll(async () => {
      driver = await target.createDriver();
      await driver.create(order);
      ({ hostKey } = await driver.waitReady(leaseId));
    }, timeoutMs);

    afterAll(async () => {
      await driver.destroy(leaseId);
      await driver.close();
    }, timeoutMs);

    it('says that it runs, and what it uses', async () => {
      expect(await driver.status(leaseId)).toEqual({ state: 'running' });
      const before = await driver.metrics(leaseId);
      await run('i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo mark > file; sync');
      const { at, cpu, memory, disk, network } = await driver.metrics(leaseId);
      expect(at).toBeGreaterThan(before.at);
      expect(cpu.timeNs).toBeGreaterThan(before.cpu.timeNs - 1n);
      expect(cpu.percent).toBeGreaterThanOrEqual(0);
      expect(memory.usedBytes).toBeGreaterThan(0);
      expect(memory.usedBytes).toBeLessThanOrEqual(memory.limitBytes);
      expect(memory.limitBytes).toBe(spec.memoryMib * 1024 ** 2);
      expect(disk.usedBytes).toBeGreaterThan(0);
      expect(disk.sizeBytes).toBe(spec.diskGib * 1024 ** 3);
      if (network) expect(network.receivedBytes).toBeGreaterThan(before.network?.receivedBytes ?? 0);
    });

    it('has a console, for reading and writing', async () => {
      const reader = new ConsoleReader(await driver.console(leaseId));
      await reader.answers('echo $((6*7))-from-the-console', /42-from-the-console/, timeoutMs);
      reader.close();
    });

    it('takes one key more, and then others in place of all', async () => {
      await takeEffect(await driver.addSshKey(leaseId, second.publicKey));
      expect(await run('cat file')).toBe('mark\n');
      expect(await run('echo in', second.privateKey)).toBe('in\n');
      await takeEffect(await driver.setSshKeys(leaseId, [second.publicKey]));
      await expect(run('true', first.privateKey)).rejects.toThrow(/authentication methods failed/);
      key = second;
      expect(await run('cat file')).toBe('mark\n');
    });

    it('stays stopped across daemons until it is started', async () => {
      await driver.stop(leaseId);
      await driver.stop(leaseId);
      const next = await target.createDriver();
      expect(await next.status(leaseId)).toEqual({ state: 'stopped' });
      expect(await next.list()).toMatchObject([{ leaseId, running: false, wanted: 'stopped' }]);
      await next.close();
      for (const act of ['reboot', 'reset', 'console'] as const) {
        await expect(driver[act](leaseId)).rejects.toMatchObject({ code: 'MachineStopped' });
      }
      await driver.start(leaseId);
      await comesBack();
      expect(await run('cat file')).toBe('mark\n');
    });

    it('is reset without being asked, and keeps what was written', async () => {
      await run('setsid sleep 86399 >/dev/null 2>&1 </dev/null & echo kept > kept; sync');
      await driver.reset(leaseId);
      await hasEnded(run, timeoutMs);
      await comesBack();
      expect(await run('cat file kept')).toBe('mark\nkept\n');
    });

    it('grows, and refuses to lose disk or to take more than there is', async () => {
      const larger = { ...spec, memoryMib: spec.memoryMib + 64, diskGib: spec.diskGib + 1 };
      await driver.resize(leaseId, larger);
      await comesBack();
      expect(await driver.inspect(leaseId)).toMatchObject(larger);
      expect(await run('cat file')).toBe('mark\n');
      await expect(driver.resize(leaseId, spec)).rejects.toMatchObject({ code: 'InvalidOrder' });
      const huge = { ...larger, memoryMib: 16 * 1024 * 1024 };
      await expect(driver.resize(leaseId, huge)).rejects.toMatchObject({ code: 'InsufficientCapacity' });
      expect(await driver.inspect(leaseId)).toMatchObject(larger);
    });

    it('still is the machine of its order', async () => {
      const { leaseId: same } = await driver.create(order);
      expect(same).toBe(leaseId);
      expect((await driver.inspect(leaseId))?.diskGib).toBe(spec.diskGib + 1);
    });

    it('is new after a reinstall, for the same keys and with the same host key', async () => {
      await expect(driver.reinstall(leaseId, 'no-such-image')).rejects.toMatchObject({
        code: 'ImageUnknown',
      });
      expect(await run('cat file')).toBe('mark\n');
      await driver.reinstall(leaseId, image);
      // The chain goes on telling renters this one.
      expect(await driver.waitReady(leaseId)).toEqual({ hostKey });
      expect(await run('cat file 2>&1 || echo gone')).toMatch(/gone/);
      expect(await driver.inspect(leaseId)).toMatchObject({
        image,
        running: true,
        diskGib: spec.diskGib + 1,
      });
    });

    it('does nothing for who has given up, or names no machine', async () => {
      const gone = AbortSignal.abort(new Error('given up'));
      await expect(driver.stop(leaseId, gone)).rejects.toThrow('given up');
      expect(await driver.inspect(leaseId)).toMatchObject({ running: true, wanted: 'running' });
      for (const act of ['stop', 'start', 'metrics', 'status', 'console'] as const) {
        await expect(driver[act]('none')).rejects.toMatchObject({ code: 'MachineNotFound' });
      }
    });
  });
}

// The old system may answer for a moment; a program that runs tells it from the new one.
async function hasEnded(run: (command: string) => Promise<string>, timeoutMs: number): Promise<void> {
  const command = "cat /proc/[0-9]*/cmdline | tr '\\000' ' ' | grep -q 'sleep 8639[9]' || echo ended";
  const probe = async (): Promise<true | undefined> =>
    (await run(command).catch(() => '')) === 'ended\n' || undefined;
  await pollUntil(probe, { signal: AbortSignal.timeout(timeoutMs), intervalMs: 500 });
}
