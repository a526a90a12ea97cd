import { describe, expect, it } from 'vitest';
import { beat } from '../src/heartbeat/heartbeat.ts';
import { authorise } from '../src/tunnels/authorise.ts';
import { FakeChain, FakeDriver, lease, quietLog, SPEC, until } from './fakes.ts';

async function firstBeats(chain: FakeChain, driver: FakeDriver, count: number): Promise<void> {
  const stop = new AbortController();
  const beating = beat(
    { chain, driver, log: quietLog(), intervalMs: () => Promise.resolve(1_000) },
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
    await firstBeats(chain, driver, 1);
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
    await firstBeats(chain, driver, 1);
    expect(chain.beats[0]?.map(({ running }) => running)).toEqual([true, false]);
  });

  it('go out in several calls when there are more leases than one call takes', async () => {
    const chain = new FakeChain();
    chain.live = Array.from({ length: 65 }, (_, index) => lease(BigInt(index + 1)));
    await firstBeats(chain, new FakeDriver(), 2);
    expect(chain.beats.slice(0, 2).map((reports) => reports.length)).toEqual([64, 1]);
  });
});

describe('who may open a tunnel', () => {
  const driver = new FakeDriver();
  const modules = {
    driver,
    liveLease: (id: bigint) => Promise.resolve(id === 1n ? lease(1n, 'alice') : undefined),
  };
  const claim = { lease: 1n, port: 22, account: 'alice', peer: 'peer' };
  const ask = (changes: Partial<typeof claim>) =>
    authorise(modules, { ...claim, ...changes }, new AbortController().signal);

  it('the renter of the live lease, to its SSH port', async () => {
    expect(await ask({})).toEqual({ ok: true, host: '127.0.0.1', port: 2222 });
  });

  it('nobody else', async () => {
    expect(await ask({ account: 'mallory' })).toMatchObject({ ok: false, code: 'NOT_RENTER' });
    expect(await ask({ lease: 2n })).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  });

  it('never to other ports of a host that is shared', async () => {
    expect(await ask({ port: 9944 })).toMatchObject({ ok: false, code: 'PORT_CLOSED' });
  });
});
