import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@hamster/daemon';
import { MachineError } from '@hamster/machines';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openChoices, type Choices } from '../src/control/choices.ts';
import { MachineGate } from '../src/control/machine-gate.ts';
import { settleKeys } from '../src/control/settle-keys.ts';
import { FakeDriver, quietLog, SPEC } from './fakes.ts';

const OLD = ['ssh-ed25519 AAAAold'];
const NEW = ['ssh-ed25519 AAAAnew'];

describe('keys that a kill left between the note and the machine', () => {
  let directory: string;
  let path: string;
  let driver: FakeDriver;

  /** What a provider finds at its start that was killed while it gave the machine these keys. */
  const killedAt = async (choices: Choices, keys: string[]): Promise<Choices> => {
    const restarted = Promise.withResolvers<Choices>();
    void choices.change('1', { sshPublicKeys: keys }, async () => {
      restarted.resolve(await openChoices(path));
      await new Promise(() => undefined);
    });
    return restarted.promise;
  };
  const settle = (choices: Choices): Promise<void> =>
    settleKeys(
      { driver, gate: new MachineGate(), choices, log: quietLog(), everyMs: 0 },
      AbortSignal.timeout(10_000),
    );

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-keys-'));
    path = join(directory, 'choices.json');
    driver = new FakeDriver();
    await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are given to the machine at the next start, once', async () => {
    const choices = await killedAt(await openChoices(path), NEW);
    expect(driver.keys.get('1')).toBeUndefined();
    await settle(choices);
    expect(driver.keys.get('1')).toEqual(NEW);
    const later = await openChoices(path);
    expect(later.unsureKeys()).toEqual([]);
    expect(later.of('1')).toEqual({ sshPublicKeys: NEW });
  });

  it('are tried again while the hypervisor does not answer', async () => {
    const choices = await killedAt(await openChoices(path), NEW);
    driver.failKeysWith = [new MachineError('HypervisorFailed', 'libvirtd is away')];
    await settle(choices);
    expect(driver.keys.get('1')).toEqual(NEW);
  });

  it('are tried less and less often, and told of once, while the reason stays the same', async () => {
    const choices = await killedAt(await openChoices(path), NEW);
    const failure = new MachineError('HypervisorFailed', 'libvirtd is away');
    driver.failKeysWith = Array.from({ length: 1_000 }, () => failure);
    const warned: string[] = [];
    const log = createLogger({
      ...{ name: 't', level: 'warn', json: true, output: { write: () => true } },
      onLine: (line) => warned.push(line),
    });
    const stop = new AbortController();
    vi.useFakeTimers();
    try {
      const settling = settleKeys({ driver, gate: new MachineGate(), choices, log }, stop.signal);
      await vi.advanceTimersByTimeAsync(60 * 60_000);
      expect(1_000 - driver.failKeysWith.length).toBeLessThan(20);
      expect(warned).toHaveLength(1);
      driver.failKeysWith = [new MachineError('HypervisorFailed', 'the guest agent is away')];
      await vi.advanceTimersByTimeAsync(11 * 60_000);
      expect(warned).toHaveLength(2);
      expect(driver.keys.get('1')).toEqual(NEW);
      stop.abort();
      await settling;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['those of before', OLD],
    ["the order's one", undefined],
  ])('give way to %s where the machine cannot have them', async (_, before) => {
    const first = await openChoices(path);
    if (before) await first.change('1', { sshPublicKeys: before }, () => Promise.resolve());
    const choices = await killedAt(first, NEW);
    driver.failKeysWith = [new MachineError('Unsupported', 'a cloud image')];
    await settle(choices);
    expect((await openChoices(path)).of('1')).toEqual(before ? { sshPublicKeys: before } : {});
  });

  it('count from the last that were surely there, however often it happens', async () => {
    const first = await openChoices(path);
    await first.change('1', { sshPublicKeys: OLD }, () => Promise.resolve());
    const again = await killedAt(await killedAt(first, NEW), ['ssh-ed25519 AAAAnewer']);
    driver.failKeysWith = [new MachineError('Unsupported', 'a cloud image')];
    await settle(again);
    expect(again.of('1')).toEqual({ sshPublicKeys: OLD });
  });

  it('are settled beside a resize that was cut short, which they leave as it is', async () => {
    const choices = await killedAt(await openChoices(path), NEW);
    await choices.change('1', { size: SPEC }, () => Promise.resolve());
    expect(choices.unsureKeys()).toEqual(['1']);
    await settle(choices);
    expect(choices.of('1')).toEqual({ size: SPEC, sshPublicKeys: NEW });
  });
});

describe('choices for machines that are no more', () => {
  it('are forgotten, those of the others kept', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hamster-lost-'));
    try {
      const path = join(directory, 'choices.json');
      const choices = await openChoices(path);
      for (const leaseId of ['1', '2'])
        await choices.change(leaseId, { size: SPEC }, () => Promise.resolve());
      await choices.keepOnly(new Set(['2', '3']));
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ leases: { 2: { size: SPEC } } });
      expect(choices.of('1')).toEqual({});
      expect(choices.of('2')).toEqual({ size: SPEC });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
