import { describe, expect, it } from 'vitest';
import { beat } from '../src/heartbeat/heartbeat.ts';
import type { Choice } from '../src/control/choices.ts';
import { Pulse } from '../src/pulse.ts';
import { MachineGate } from '../src/control/machine-gate.ts';
import { FakeChain, FakeDriver, lease, quietLog, quietPulse, SPEC, until } from './fakes.ts';

interface Beating {
  readonly chain: FakeChain;
  readonly driver: FakeDriver;
  readonly gate?: MachineGate;
  readonly chosen?: Record<string, Choice>;
  readonly pulse?: Pulse;
}

async function firstBeats(
  { chain, driver, gate, pulse, chosen = {} }: Beating,
  count: number,
): Promise<void> {
  const stop = new AbortController();
  const beating = beat(
    {
      chain,
      driver,
      gate: gate ?? new MachineGate(),
      choices: { of: (leaseId) => chosen[leaseId] ?? {} },
      log: quietLog(),
      pulse: pulse ?? quietPulse(),
      intervalMs: () => Promise.resolve(1_000),
    },
    stop.signal,
  );
  await until(chain.events, () => chain.beats.length >= count);
  stop.abort();
  await beating;
}

describe('heartbeats', () => {
  it('report what the hypervisor says, also that a machine is gone', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.live = [lease(1n), lease(2n)];
    await firstBeats({ chain, driver }, 1);
    expect(chain.beats[0]).toEqual([
      { lease: 1n, ...SPEC, running: true },
      { lease: 2n, cpuCores: 0, memoryMib: 0, diskGib: 0, running: false },
    ]);
  });

  it('do not hold it against the provider that the renter stopped a machine', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    for (const leaseId of ['1', '2']) {
      await driver.create({ leaseId, spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    }
    await driver.stop('1');
    await driver.crash('2');
    chain.live = [lease(1n), lease(2n)];
    await firstBeats({ chain, driver }, 1);
    expect(chain.beats[0]?.map(({ running }) => running)).toEqual([true, false]);
  });

  it('nor that the renter made it smaller; but they tell when it is smaller by itself', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    const small = { ...SPEC, memoryMib: 256 };
    for (const leaseId of ['1', '2']) {
      await driver.create({ leaseId, spec: small, image: 'tiny', sshPublicKeys: [] });
    }
    chain.live = [lease(1n), lease(2n)];
    await firstBeats({ chain, driver, chosen: { 1: { size: small } } }, 1);
    expect(chain.beats[0]?.map(({ memoryMib }) => memoryMib)).toEqual([SPEC.memoryMib, 256]);
  });

  it('nor that a crash left it as small as it was when the renter made it larger again', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    const small = { ...SPEC, memoryMib: 256 };
    await driver.create({ leaseId: '1', spec: small, image: 'tiny', sshPublicKeys: [] });
    chain.live = [lease(1n)];
    await firstBeats({ chain, driver, chosen: { 1: { size: SPEC, formerSizes: [small] } } }, 1);
    expect(chain.beats[0]?.map(({ memoryMib }) => memoryMib)).toEqual([SPEC.memoryMib]);
  });

  it('nor that it is down in the middle of a command', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    const gate = new MachineGate();
    await driver.create({ leaseId: '1', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await driver.crash('1');
    chain.live = [lease(1n)];
    const command = Promise.withResolvers<void>();
    const busy = gate.run('1', 'reinstall', () => command.promise);
    await firstBeats({ chain, driver, gate }, 1);
    command.resolve();
    await busy;
    expect(chain.beats[0]).toEqual([{ lease: 1n, ...SPEC, running: true }]);
  });

  it('go on when the chain was away, and when one machine cannot be asked', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    for (const leaseId of ['1', '2'])
      await driver.create({ leaseId, spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    driver.deaf.add('2');
    chain.live = [lease(1n), lease(2n)];
    chain.unreachable = true;
    const pulse = new Pulse(Date.now, (event) => {
      if (event === 'heartbeat-failed') chain.unreachable = false;
    });
    await firstBeats({ chain, driver, pulse }, 1);
    expect(chain.beats[0]?.map(({ lease: id }) => id)).toEqual([1n]);
    expect(pulse.state().heartbeat).toMatchObject({ failed: 1, lastError: 'chain gone' });
  });

  it('fail as a whole when no machine can be asked: silence is not a report of nothing', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    driver.deaf.add('1');
    chain.live = [lease(1n)];
    const pulse = new Pulse(Date.now, (event) => {
      if (event === 'heartbeat-failed') driver.deaf.clear();
    });
    await firstBeats({ chain, driver, pulse }, 1);
    expect(pulse.state().heartbeat.lastError).toBe('no answer from the hypervisor');
  });

  it('go out in several calls when there are more leases than one call takes', async () => {
    const chain = new FakeChain();
    chain.live = Array.from({ length: 65 }, (_, index) => lease(BigInt(index + 1)));
    await firstBeats({ chain, driver: new FakeDriver() }, 2);
    expect(chain.beats.slice(0, 2).map((reports) => reports.length)).toEqual([64, 1]);
  });

  const idsOf = (reports: readonly { readonly lease: bigint }[] | undefined) =>
    reports?.map(({ lease: id }) => Number(id));

  it('go on with the call that failed: what was told is not awaited again so soon', async () => {
    const chain = new FakeChain();
    chain.live = Array.from({ length: 130 }, (_, index) => lease(BigInt(index + 1)));
    chain.failBeatsWith = [undefined, new Error('no block took it')];
    await firstBeats({ chain, driver: new FakeDriver() }, 4);
    expect(chain.beats.slice(0, 4).map((reports) => idsOf(reports)?.[0])).toEqual([1, 65, 129, 1]);
  });

  it('keep those that the chain waits for apart from many others, for which blocks keep no room', async () => {
    const chain = new FakeChain();
    const driver = new FakeDriver();
    chain.chainTime = 1_000;
    const [down, disputed, fresh] = [[3n, 4n], [5n, 6n], [7n]];
    for (const id of [1n, 2n, ...disputed, ...fresh])
      await driver.create({ leaseId: String(id), spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.live = [
      ...[1n, 2n, ...down].map((id) => lease(id)),
      ...disputed.map((id) => ({ ...lease(id), disputed: true })),
      ...fresh.map((id) => ({ ...lease(id), lastHeartbeat: 900 })),
    ];
    await firstBeats({ chain, driver }, 2);
    expect(chain.beats.slice(0, 2).map(idsOf)).toEqual([
      [1, 2],
      [3, 4, 5, 6, 7],
    ]);
  });
});
