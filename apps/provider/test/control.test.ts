import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MachineError } from '@hamster/machines';
import type { ControlCommand } from '@hamster/p2p';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChoices, type Choices } from '../src/control/choices.ts';
import { Commands } from '../src/control/commands.ts';
import { MachineGate } from '../src/control/machine-gate.ts';
import { FakeDriver, lease, SPEC } from './fakes.ts';

describe('what a renter may do with a machine', () => {
  const ours = lease(1n);
  let directory: string;
  let driver: FakeDriver;
  let commands: Commands;

  const open = async (): Promise<void> => {
    const choices = await openChoices(join(directory, 'choices.json'));
    const images = () => Promise.resolve(['tiny', 'debian-12']);
    commands = new Commands({ driver, gate: new MachineGate(), choices, images });
  };
  const run = (command: ControlCommand) => commands.run(command, ours, new AbortController().signal);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-control-'));
    driver = new FakeDriver();
    await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await open();
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('stop and start, and see how it is', async () => {
    expect(await run({ name: 'status' })).toEqual({
      state: 'running',
      image: 'tiny',
      size: SPEC,
      leased: SPEC,
    });
    expect(await run({ name: 'stop' })).toEqual({});
    expect(driver.machines.get('1')).toMatchObject({ running: false, wanted: 'stopped' });
    expect(await run({ name: 'status' })).toMatchObject({ state: 'stopped' });
    await run({ name: 'start' });
    expect(driver.machines.get('1')).toMatchObject({ running: true, wanted: 'running' });
  });

  it('see what it uses', async () => {
    expect(await run({ name: 'metrics' })).toEqual({
      at: 0,
      cpu: { timeMs: 0, percent: 0 },
      memory: { usedBytes: 0, limitBytes: 0 },
      disk: { usedBytes: 0, sizeBytes: 0 },
    });
  });

  it('one thing at a time; looking is always possible', async () => {
    const begun = once(driver.events, 'reinstalling');
    const reinstall = run({ name: 'reinstall', image: 'debian-12' });
    await begun;
    await expect(run({ name: 'stop' })).rejects.toMatchObject({
      code: 'MACHINE_BUSY',
      message: expect.stringContaining('reinstall'),
    });
    expect(await run({ name: 'status' })).toMatchObject({ busyWith: 'reinstall' });
    driver.reinstalled.resolve();
    await reinstall;
    expect(await run({ name: 'status' })).toMatchObject({ image: 'debian-12' });
    await run({ name: 'stop' });
  });

  it('choose among the images on offer', async () => {
    await expect(run({ name: 'reinstall', image: 'windows' })).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      message: expect.stringContaining('tiny, debian-12'),
    });
  });

  it('make it smaller and as large as the lease again, never larger', async () => {
    await run({ name: 'resize', spec: { ...SPEC, memoryMib: 256 } });
    expect(await run({ name: 'status' })).toMatchObject({ size: { memoryMib: 256 }, leased: SPEC });
    await run({ name: 'resize', spec: SPEC });
    await expect(run({ name: 'resize', spec: { ...SPEC, cpuCores: 2 } })).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
    });
    expect(driver.machines.get('1')).toMatchObject(SPEC);
  });

  it('count with the size of before as well, from when another is chosen until they surely have it', async () => {
    const path = join(directory, 'sizes.json');
    const choices = await openChoices(path);
    const small = { ...SPEC, memoryMib: 256 };
    await choices.change('1', { size: small }, () => Promise.resolve());
    expect(choices.of('1')).toEqual({ size: small });
    await choices.change('1', { size: SPEC }, async () => {
      // What a provider reads that was killed here.
      expect((await openChoices(path)).of('1')).toEqual({ size: SPEC, formerSizes: [small] });
    });
    expect((await openChoices(path)).of('1')).toEqual({ size: SPEC });
  });

  it('count with every size that a resize which was cut short may have left them with', async () => {
    const path = join(directory, 'cut-short.json');
    const [small, middle] = [
      { ...SPEC, memoryMib: 256 },
      { ...SPEC, memoryMib: 384 },
    ];
    const choices = await openChoices(path);
    await choices.change('1', { size: small }, () => Promise.resolve());
    const restarted = Promise.withResolvers<Choices>();
    // Killed here.
    void choices.change('1', { size: middle }, async () => {
      restarted.resolve(await openChoices(path));
      await new Promise(() => undefined);
    });
    const after = await restarted.promise;
    const keys = ['ssh-ed25519 AAAAnew'];
    await after.change('1', { sshPublicKeys: keys }, () => Promise.resolve());
    expect(after.of('1')).toEqual({ size: middle, formerSizes: [small], sshPublicKeys: keys });
    await after.change('1', { size: SPEC }, () => {
      expect(after.of('1').formerSizes).toEqual([middle, small]);
      return Promise.resolve();
    });
    expect(after.of('1')).toEqual({ size: SPEC, sshPublicKeys: keys });
  });

  it('have several keys; they are known after a restart of the provider', async () => {
    expect(await run({ name: 'ssh-keys' })).toEqual({ keys: [ours.sshPublicKey] });
    const keys = [ours.sshPublicKey, 'ssh-ed25519 AAAAmore'];
    expect(await run({ name: 'set-ssh-keys', keys })).toEqual({ effect: 'now' });
    expect(driver.keys.get('1')).toEqual(keys);
    await open();
    expect(await run({ name: 'ssh-keys' })).toEqual({ keys });
  });

  it('and hear in plain words, without the insides of the host, that it did not work', async () => {
    const choices = await openChoices(join(directory, 'other.json'));
    const images = () => Promise.resolve(['tiny']);
    const failing = new Commands({ driver, gate: new MachineGate(), choices, images });
    driver.failWith.set('1', new MachineError('CommandFailed', '/secret/path: qemu-img failed'));
    const resize = failing.run(
      { name: 'resize', spec: { ...SPEC, memoryMib: 256 } },
      ours,
      new AbortController().signal,
    );
    await expect(resize).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.not.stringContaining('secret'),
    });
    expect(choices.of('1')).toEqual({});
    driver.machines.clear();
    await expect(run({ name: 'status' })).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
  });
});
