import { EventEmitter } from 'node:events';
import { DispatchFailed } from '@hamster/chain-client';
import { MachineError } from '@hamster/machines';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineGate } from '../src/control/machine-gate.ts';
import { Pulse } from '../src/pulse.ts';
import type { Seen } from '../src/chain-mark.ts';
import { Reconciler } from '../src/reconciler/reconciler.ts';
import { FakeChain, FakeDriver, HOST_KEY, lease, order, quietLog, SPEC, until } from './fakes.ts';

describe('the reconciler', () => {
  let chain: FakeChain;
  let driver: FakeDriver;
  let seen: Seen;
  let replaced: Error[];
  let closed: bigint[];
  let concern: string[][];
  let isFit: boolean;
  let gate: MachineGate;
  let pulse: Pulse;
  let pulseEvents: EventEmitter;
  let reconciler: Reconciler;
  let now: () => number;

  const start = () => {
    reconciler = new Reconciler({
      chain,
      driver,
      log: quietLog(),
      now: () => now(),
      pulse,
      mark: {
        path: '/state/seen.json',
        read: () => Promise.resolve(seen),
        write: (now) => {
          seen = now;
          return Promise.resolve();
        },
      },
      onReplaced: (error) => {
        replaced.push(error);
        chain.events.emit('changed');
      },
      gate,
      closeStreams: (id) => closed.push(id),
      endLease: () => Promise.resolve(),
      isFit: () => isFit,
      onlyLeases: (leases) => {
        concern.push([...leases]);
        return Promise.resolve();
      },
    });
    reconciler.trigger();
  };

  beforeEach(() => {
    chain = new FakeChain();
    driver = new FakeDriver();
    seen = { chainTime: 0 };
    replaced = [];
    closed = [];
    concern = [];
    isFit = true;
    now = Date.now;
    gate = new MachineGate();
    pulseEvents = new EventEmitter();
    pulse = new Pulse(Date.now, () => pulseEvents.emit('changed'));
  });
  afterEach(() => reconciler.close());

  it('builds a pending order and accepts it with the host key of the machine', async () => {
    chain.pending = [order(7n)];
    start();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(chain.accepted).toEqual([[7n, HOST_KEY]]);
    expect([...driver.machines.keys()]).toEqual(['7']);
  });

  it('lesson 17: goes on where a killed predecessor stopped, without a second machine', async () => {
    await driver.create({ leaseId: '7', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.pending = [order(7n)];
    start();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(driver.created).toBe(1);
  });

  it('refuses an order that this host can never serve, says why, and leaves nothing behind', async () => {
    chain.pending = [order(7n, 'windows'), order(8n)];
    driver.failWith.set('7', new MachineError('ImageUnknown', 'no image "windows" here'));
    start();
    await until(chain.events, () => chain.accepted.length > 0 && chain.rejected.length > 0);
    expect(chain.rejected).toEqual([[7n, 'no image "windows" here']]);
    expect(chain.accepted).toEqual([[8n, HOST_KEY]]);
    expect([...driver.machines.keys()]).toEqual(['8']);
  });

  it('turns orders away while it drains, says why, and keeps its leases', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await driver.crash('3');
    chain.live = [lease(3n)];
    chain.pending = [order(7n)];
    chain.draining = true;
    start();
    await until(chain.events, () => chain.rejected.length > 0);
    await until(driver.events, () => driver.machines.get('3')?.running === true);
    expect(chain.rejected).toEqual([[7n, expect.stringContaining('takes no new orders')]]);
    expect(chain.accepted).toEqual([]);
    expect([...driver.machines.keys()]).toEqual(['3']);
  });

  it('turns orders away while its host could not carry them out, and goes on with the leases', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await driver.crash('3');
    chain.live = [lease(3n)];
    chain.pending = [order(7n)];
    isFit = false;
    start();
    await until(chain.events, () => chain.rejected.length > 0);
    await until(driver.events, () => driver.machines.get('3')?.running === true);
    isFit = true;
    chain.pending = [order(8n)];
    reconciler.trigger();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(chain.rejected).toEqual([[7n, expect.stringContaining('takes no new orders')]]);
    expect([...driver.machines.keys()].sort()).toEqual(['3', '8']);
  });

  it('removes what half of an order left behind when it was killed and drains since, as soon as the refusal is final', async () => {
    await driver.create({ leaseId: '7', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.pending = [order(7n)];
    chain.draining = true;
    start();
    await until(chain.events, () => chain.rejected.length > 0);
    // An acceptance that its predecessor sent could still come first.
    expect([...driver.machines.keys()]).toEqual(['7']);
    chain.pending = [];
    chain.best = 8;
    reconciler.trigger();
    await until(pulseEvents, () => closed.length > 0);
    chain.blocks = [{ number: 9, hash: '0x09' }];
    reconciler.trigger();
    await until(driver.events, () => driver.machines.size === 0);
  });

  it('says which leases are of concern, so that nothing is kept of one whose machine was lost', async () => {
    await driver.create({ leaseId: '4', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.live = [lease(3n), lease(4n)];
    start();
    await until(pulseEvents, () => pulse.state().leases === 2);
    chain.live = [lease(4n)];
    reconciler.trigger();
    await until(pulseEvents, () => pulse.state().leases === 1);
    expect(concern.at(0)).toEqual(['3', '4']);
    expect(concern.at(-1)).toEqual(['4']);
  });

  it('says nothing of it on the word of a node that is behind', async () => {
    seen = { chainTime: 1_000 };
    chain.live = [lease(3n)];
    start();
    await until(pulseEvents, () => pulse.state().leases === 1);
    expect(concern).toEqual([]);
  });

  it('tells what happens to whoever watches', async () => {
    chain.pending = [order(7n)];
    driver.failWith.set('7', new MachineError('HypervisorFailed', 'libvirtd is restarting'));
    chain.live = [lease(8n)];
    start();
    await until(pulseEvents, () => pulse.state().reconciler.jobErrors > 0);
    chain.unreachable = true;
    reconciler.trigger();
    await reconciler.close();
    expect(pulse.state()).toMatchObject({
      orders: 1,
      leases: 1,
      reconciler: { lastError: 'libvirtd is restarting' },
    });
  });

  it('does not refuse an order for a passing trouble', async () => {
    chain.pending = [order(7n), order(8n)];
    driver.failWith.set('7', new MachineError('HypervisorFailed', 'libvirtd is restarting'));
    start();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(chain.rejected).toEqual([]);
    expect(chain.pending.map(({ id }) => id)).toEqual([7n]);
  });

  it('destroys the machine of an ended lease after its streams are cut', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    start();
    await until(driver.events, () => driver.machines.size === 0);
    expect(closed).toEqual([3n]);
  });

  it('cuts its streams at once, and destroys it no sooner than a final block says so', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.best = 8;
    chain.blocks = [{ number: 8, hash: '0x08' }];
    start();
    await until(pulseEvents, () => closed.length > 0);
    await reconciler.close();
    expect([...driver.machines.keys()]).toEqual(['3']);
  });

  it('destroys no machine that is paid for again in the block that took the place of another', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    chain.best = 8;
    chain.blocks = [{ number: 8, hash: '0x08' }];
    start();
    await until(pulseEvents, () => closed.length > 0);
    chain.live = [lease(3n)];
    chain.best = 9;
    reconciler.trigger();
    await until(pulseEvents, () => pulse.state().leases === 1);
    chain.live = [];
    chain.blocks.push({ number: 9, hash: '0x09' });
    reconciler.trigger();
    await until(pulseEvents, () => closed.length > 1);
    expect([...driver.machines.keys()]).toEqual(['3']);
    chain.blocks.push({ number: 10, hash: '0x0a' });
    reconciler.trigger();
    await until(driver.events, () => driver.machines.size === 0);
  });

  it('waits before it destroys once more what could not be destroyed', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    let tries = 0;
    driver.destroy = () => Promise.reject(new Error(`EBUSY: ${(tries += 1)}`));
    let looks = 0;
    const work = chain.work.bind(chain);
    chain.work = () => {
      looks += 1;
      chain.events.emit('changed');
      return work();
    };
    let time = 0;
    now = () => time;
    start();
    await until(pulseEvents, () => pulse.state().reconciler.jobErrors > 0);
    // When one more begins, the one before is over.
    for (const enough = looks + 5; looks < enough;) {
      const before = looks;
      const looked = until(chain.events, () => looks > before);
      reconciler.trigger();
      await looked;
    }
    expect(tries).toBe(1);
    time = 1_000;
    reconciler.trigger();
    await until(pulseEvents, () => pulse.state().reconciler.jobErrors > 1);
  });

  it('refuses an order for which the disk has no room, in words that its renter understands', async () => {
    chain.pending = [order(7n)];
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    driver.failWith.set('7', full);
    start();
    await until(chain.events, () => chain.rejected.length > 0);
    expect(chain.rejected).toEqual([[7n, expect.stringContaining('disk is full')]]);
  });

  it('turns an order away for which no stake is left, keeping what it made until that is final', async () => {
    chain.pending = [order(7n)];
    chain.failAcceptsWith = [
      new DispatchFailed({
        pallet: 'resourceOrder',
        error: 'InsufficientStake',
        docs: '',
        sentence: 'too little',
      }),
    ];
    start();
    await until(chain.events, () => chain.accepted.length + chain.rejected.length > 0);
    expect(chain.accepted).toEqual([]);
    expect(chain.rejected).toEqual([[7n, expect.stringContaining('stake secures other leases')]]);
    expect(driver.created).toBe(1);
  });

  it.each([
    ['time', { chainTime: 500 }],
    ['blocks', { chainTime: 5, block: { number: 9, hash: '0x09' } }],
  ])('makes and destroys nothing on the word of a node that is behind in %s', async (_, before) => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    seen = before;
    chain.pending = [order(7n)];
    start();
    await until(pulseEvents, () => pulse.state().reconciler.lastAt !== undefined);
    await reconciler.close();
    expect([...driver.machines.keys()]).toEqual(['3']);
    expect(seen).toEqual(before);
  });

  it('touches nothing, and says so, when the node serves another chain that began alike', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    seen = { chainTime: 5, block: { number: 0, hash: '0x01' } };
    chain.pending = [order(7n)];
    start();
    await until(chain.events, () => replaced.length > 0);
    reconciler.trigger();
    await reconciler.close();
    expect(replaced).toMatchObject([
      { code: 'CHAIN_REPLACED', message: expect.stringContaining('remove /state/seen.json') as string },
    ]);
    expect([...driver.machines.keys()]).toEqual(['3']);
  });

  it.each([
    ['4', { number: 4, hash: '0x04' }, { chainTime: 10, block: { number: 4, hash: '0x04' } }],
    ['0, which every chain that began alike has', { number: 0, hash: '0x00' }, { chainTime: 10 }],
  ])('notes how far it has seen the chain: block %s', async (_, final, noted) => {
    chain.blocks = [final];
    start();
    await until(pulseEvents, () => pulse.state().reconciler.lastAt !== undefined);
    expect(seen).toEqual(noted);
  });

  it('starts the machine of a live lease when it went down by itself', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await driver.crash('3');
    chain.live = [lease(3n)];
    start();
    await until(driver.events, () => driver.machines.get('3')?.running === true);
  });

  it('does not start a machine that is down in the middle of a command of its renter', async () => {
    await driver.create({ leaseId: '3', spec: SPEC, image: 'tiny', sshPublicKeys: [] });
    await driver.crash('3');
    chain.live = [lease(3n)];
    const command = Promise.withResolvers<void>();
    const busy = gate.run('3', 'reinstall', () => command.promise);
    chain.pending = [order(7n)];
    start();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(driver.machines.get('3')?.running).toBe(false);
    command.resolve();
    await busy;
    reconciler.trigger();
    await until(driver.events, () => driver.machines.get('3')?.running === true);
  });

  it('lesson 17: survives a chain that is away and catches up when it is back', async () => {
    chain.unreachable = true;
    chain.pending = [order(7n)];
    start();
    await until(chain.events, () => chain.asked > 0);
    chain.unreachable = false;
    reconciler.trigger();
    await until(chain.events, () => chain.accepted.length > 0);
    expect(chain.accepted).toEqual([[7n, HOST_KEY]]);
  });
});
