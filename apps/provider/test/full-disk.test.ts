import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChoices } from '../src/control/choices.ts';
import { MachineGate } from '../src/control/machine-gate.ts';
import { Reconciler } from '../src/reconciler/reconciler.ts';
import { chainMarkIn } from '../src/chain-mark.ts';
import { FakeChain, FakeDriver, quietLog, quietPulse, SPEC, until } from './fakes.ts';

describe('a disk that takes nothing more', () => {
  let directory: string;
  let state: string;
  const failures: unknown[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-full-'));
    // Every write below it fails, as on a full disk, also for root.
    state = join(directory, 'state');
    failures.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const fill = () => writeFile(state, '');
  const makeRoom = async () => {
    await rm(state);
    await mkdir(state);
  };

  it('does not keep the machine of an ended lease, which would keep it full', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.chainTime = 1_000_000;
    const mark = chainMarkIn(join(state, 'seen.json'), (error) => failures.push(error));
    await mark.read();
    await fill();
    const reconciler = new Reconciler({
      chain,
      driver,
      log: quietLog(),
      now: () => performance.now(),
      mark,
      onReplaced: (error) => failures.push(error),
      gate: new MachineGate(),
      closeStreams: () => undefined,
      endLease: () => Promise.resolve(),
      isFit: () => true,
      onlyLeases: () => Promise.resolve(),
      pulse: quietPulse(),
    });
    reconciler.trigger();
    await until(driver.events, () => driver.machines.size === 0);
    await reconciler.close();
    expect(failures).toHaveLength(1);
  });

  it('lets no older chain destroy anything, though the mark is not on disk', async () => {
    const mark = chainMarkIn(join(state, 'seen.json'), (error) => failures.push(error));
    await mark.read();
    await fill();
    await mark.write({ chainTime: 1_000_000 });
    expect(await mark.read()).toEqual({ chainTime: 1_000_000 });
    await makeRoom();
    await mark.write({ chainTime: 1_100_000 });
    const reopened = chainMarkIn(join(state, 'seen.json'), (error) => failures.push(error));
    expect(await reopened.read()).toEqual({ chainTime: 1_100_000 });
  });

  it('makes no choice count that was not carried out', async () => {
    const choices = await openChoices(join(state, 'choices.json'));
    await choices.change('1', { size: SPEC }, () => Promise.resolve());
    await rm(state, { recursive: true });
    await fill();
    const carriedOut: string[] = [];
    const change = choices.change('1', { size: { ...SPEC, cpuCores: 2 } }, () =>
      Promise.resolve(carriedOut.push('resized')),
    );
    await expect(change).rejects.toThrow();
    expect(carriedOut).toEqual([]);
    expect(choices.of('1')).toEqual({ size: SPEC });
  });
});
