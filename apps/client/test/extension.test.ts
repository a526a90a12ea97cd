import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '@hamster/chain-client';
import { Extender } from '../src/daemon/extender.ts';
import { extensionFor } from '../src/daemon/extension.ts';
import { openLedger, type Ledger } from '../src/daemon/ledger.ts';

const HOUR = 3_600_000;
const SPEC = { cpuCores: 1, memoryMib: 1024, diskGib: 1 };
const PRICES = { cpuCoreHour: 5n, memoryGibHour: 4n, diskGibHour: 1n };
const LEASE = {
  id: 7,
  resource: 1,
  status: 'Active',
  endsAt: 10 * HOUR,
  pricePerHour: 10n,
  spec: SPEC,
} as Lease;
const RESOURCE = { status: 'Online' as const, prices: PRICES, availableUntil: 100 * HOUR };
const TERMS = { cap: 50n, hours: 3 };
const signal = new AbortController().signal;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-extension-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('automatic extension', () => {
  const at = (changes: object = {}) =>
    extensionFor({
      lease: LEASE,
      resource: RESOURCE,
      terms: TERMS,
      spent: 0n,
      funds: 1000n,
      now: LEASE.endsAt - HOUR / 5,
      hourMs: HOUR,
      ...changes,
    });

  it('waits until little is left, and buys no more than the cap allows', () => {
    expect(at({ now: LEASE.endsAt - HOUR / 3 })).toEqual({ kind: 'not-due' });
    expect(at({ lease: { ...LEASE, status: 'Disputed' } })).toEqual({ kind: 'not-due' });
    expect(at()).toEqual({ kind: 'extend', hours: 3, perHour: 10n, total: 30n });
    expect(at({ spent: 30n })).toEqual({ kind: 'extend', hours: 2, perHour: 10n, total: 20n });
    expect(at({ spent: 41n })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('are spent') as string,
    });
  });

  it('takes no higher price than agreed, and no more time than is offered', () => {
    const dearer = { ...RESOURCE, prices: { ...PRICES, cpuCoreHour: 6n } };
    expect(at({ resource: dearer })).toMatchObject({ kind: 'refused' });
    expect(at({ resource: dearer, terms: { ...TERMS, maxPrice: 11n } })).toMatchObject({
      kind: 'extend',
      perHour: 11n,
    });
    expect(at({ resource: { ...RESOURCE, availableUntil: 11.5 * HOUR } })).toMatchObject({ hours: 1 });
    expect(at({ resource: { ...RESOURCE, availableUntil: 10 * HOUR } })).toMatchObject({ kind: 'refused' });
    expect(at({ resource: undefined })).toMatchObject({ kind: 'refused' });
  });

  it.each(['Offline', 'Draining'])(
    'asks for no time of a machine that is %s: the chain gives none',
    (status) => {
      expect(at({ resource: { ...RESOURCE, status } })).toEqual({
        kind: 'refused',
        why: `its machine is ${status.toLowerCase()}, and is looked at again until the lease ends`,
      });
    },
  );

  it('takes no more than the account has, and says what is missing', () => {
    expect(at({ funds: 25n })).toMatchObject({ kind: 'extend', hours: 2 });
    expect(at({ funds: 9n })).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/an hour costs .* the account has .* Send money/) as string,
    });
  });
});

describe('what automatic extension spends', () => {
  const moment = { now: LEASE.endsAt - HOUR / 5, hourMs: HOUR };
  const failure = (name: string) => Object.assign(new Error(name), { name });

  interface Call {
    readonly hours: number;
    readonly perHour: bigint;
  }

  /** A chain with one lease. What is submitted with a nonce that is used already does nothing, as on a real one. */
  function fakeChain() {
    const state = { lease: LEASE, resource: RESOURCE as object, nonce: 4, paid: 0n, transferable: 1000n };
    /** The hours, price per hour and nonce of each submission. */
    const submitted: (readonly [number, bigint, number])[] = [];
    /** What happens to the next submissions: done, and told or not; or an error before anything was done. */
    const fates: ('told' | 'untold' | Error)[] = [];
    const submit = async ({ hours, perHour }: Call, _: unknown, { nonce }: { nonce: number }) => {
      submitted.push([hours, perHour, nonce]);
      const fate = fates.shift() ?? 'told';
      if (nonce < state.nonce) throw failure('TransactionRejected');
      if (fate instanceof Error && fate.name !== 'DispatchFailed') throw fate;
      state.nonce = nonce + 1;
      if (fate instanceof Error) throw fate;
      state.paid += BigInt(hours) * perHour;
      state.lease = { ...state.lease, endsAt: state.lease.endsAt + hours * HOUR };
      if (fate === 'untold') throw failure('ChainUnreachable');
      return { events: { get: () => ({ endsAt: state.lease.endsAt }) } };
    };
    const reads = {
      parameters: async () => ({ resourceOrder: { hour: HOUR } }),
      balance: async () => ({ nonce: state.nonce, transferable: state.transferable }),
      lease: async () => state.lease,
    };
    const chain = {
      ...reads,
      resource: async () => state.resource,
      fee: async () => 1n,
      nextNonce: async () => state.nonce,
      snapshot: async () => reads,
      calls: {
        resourceOrder: { extendLease: (_: number, hours: number, perHour: bigint) => ({ hours, perHour }) },
      },
      submit,
    };
    return { state, fates, submitted, chain: chain as never };
  }

  const ledgerAt = () => openLedger(join(home, 'extensions.json'), 'me');
  async function daemon({ chain, state }: ReturnType<typeof fakeChain>, terms: object = {}, known?: Ledger) {
    const told: string[] = [];
    const note = (_: object, text: string): void => void told.push(text);
    const extender = new Extender({
      chain,
      account: { address: 'me', unlock: async () => ({}) as never, lock: () => undefined },
      terms: { cap: 100n, hours: 2, ...terms },
      ledger: known ?? (await ledgerAt()),
      log: { info: note, warn: note } as never,
      publish: () => undefined,
    });
    return {
      told,
      settle: () => extender.settle(signal),
      consider: (now = moment.now) => extender.consider(state.lease, { ...moment, now }, signal),
    };
  }

  /** A daemon that starts, looks twice, and is gone. */
  async function look(world: ReturnType<typeof fakeChain>, cap = 100n) {
    const { told, settle, consider } = await daemon(world, { cap });
    await settle();
    await consider();
    await consider();
    return { told, spent: (await ledgerAt()).spent(), open: (await ledgerAt()).open().length };
  }

  it('is kept over a restart, and counts for its account alone', async () => {
    const world = fakeChain();
    expect(await look(world)).toMatchObject({ spent: 20n, told: ['extended for 0.00000000002 HAM'] });
    expect(await look(world)).toEqual({ spent: 20n, open: 0, told: [] });
    expect((await openLedger(join(home, 'extensions.json'), 'another')).spent()).toBe(0n);
  });

  it('is what was paid, whether the outcome was seen or not', async () => {
    const world = fakeChain();
    world.fates.push('untold');
    expect(await look(world)).toMatchObject({ spent: 20n });
    expect(await look(world)).toMatchObject({ spent: 20n, open: 0 });
    expect(world.state).toMatchObject({ paid: 20n, nonce: 5 });
  });

  it('is nothing twice for what never came through: it is repeated with its nonce', async () => {
    const world = fakeChain();
    world.fates.push(failure('ChainUnreachable'), failure('ChainUnreachable'));
    expect(await look(world)).toMatchObject({ spent: 20n, open: 1 });
    expect(world.state.paid).toBe(0n);
    expect(await look(world)).toMatchObject({ spent: 20n });
    expect(world.state).toMatchObject({ paid: 20n, nonce: 5 });
  });

  it('is nothing for what the chain refused, which is tried again, or for a lease that ended first', async () => {
    const world = fakeChain();
    world.fates.push(failure('DispatchFailed'));
    expect(await look(world)).toMatchObject({
      spent: 20n,
      open: 1,
      told: ['could not be extended: DispatchFailed'],
    });
    world.fates.push(failure('ChainUnreachable'), failure('ChainUnreachable'));
    expect(await look(world)).toMatchObject({ spent: 20n, open: 1 });
    world.state.lease = { ...LEASE, status: 'Finished' } as Lease;
    expect(await look(world)).toMatchObject({ spent: 0n, open: 0 });
    expect(world.state).toMatchObject({ paid: 0n, nonce: 5 });
  });

  it('is no more than the renter says now, also for what was sent before', async () => {
    const world = fakeChain();
    world.fates.push(failure('ChainUnreachable'), failure('ChainUnreachable'));
    await look(world);
    expect((await look(world, 9n)).told).toEqual([expect.stringContaining('are spent')]);
    expect(world.state.paid).toBe(0n);
    expect(await look(world, 19n)).toMatchObject({ told: ['extended for 0.00000000001 HAM'] });
    expect(world.state).toMatchObject({ paid: 10n, nonce: 5 });
  });

  it('is nothing while the machine is not online, and no reason to give up: once it is, the lease is extended', async () => {
    const world = fakeChain();
    const { told, consider } = await daemon(world);
    world.state.resource = { ...RESOURCE, status: 'Draining' };
    for (let round = 0; round < 4; round += 1) expect(await consider()).toBe(false);
    expect(told).toEqual([expect.stringContaining('its machine is draining')]);
    expect(world.submitted).toEqual([]);
    world.state.resource = RESOURCE;
    expect(await consider()).toBe(true);
    expect(world.state.paid).toBe(20n);
  });

  it('is not sent where it cannot be written down first, however often it is tried', async () => {
    const world = fakeChain();
    const path = join(home, 'extensions.json');
    const ledger = await ledgerAt();
    await mkdir(path);
    const { told, settle, consider } = await daemon(world, {}, ledger);
    for (let round = 0; round < 2; round += 1) {
      await settle();
      expect(await consider()).toBe(false);
    }
    expect(world.submitted).toEqual([]);
    expect([ledger.spent(), ledger.open()]).toEqual([0n, []]);
    expect(told).toEqual([
      `could not be extended: What extensions cost cannot be written down in ${path} (EISDIR), so no lease is extended. ` +
        'Make room on the disk, or let this account write there.',
    ]);
    await rmdir(path);
    expect(await consider()).toBe(true);
    expect((await ledgerAt()).spent()).toBe(20n);
  });

  describe('when the terms change before it is known what became of it', () => {
    const unknown = () => failure('ChainUnreachable');
    const DEARER = { ...RESOURCE, prices: { ...PRICES, cpuCoreHour: 11n } };

    it('is sent for the price of now, where that is allowed, with the nonce that it had', async () => {
      const world = fakeChain();
      world.fates.push(unknown());
      const { told, settle, consider } = await daemon(world, { cap: 33n, maxPrice: 16n });
      await consider();
      world.state.resource = DEARER;
      expect(await consider()).toBe(true);
      expect(told).toEqual(['could not be extended: ChainUnreachable', 'extended for 0.000000000032 HAM']);
      expect(world.submitted).toEqual([
        [2, 10n, 4],
        [2, 16n, 4],
      ]);
      await settle();
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toEqual([world.state.paid, []]);
    });

    it('counts the most that may come through, over a restart too, and then what did', async () => {
      const world = fakeChain();
      world.fates.push(unknown(), unknown());
      await (await daemon(world)).consider();
      world.state.transferable = 11n;
      await (await daemon(world)).consider();
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toMatchObject([20n, [{ hours: 1 }]]);
      const { settle, consider } = await daemon(world);
      expect(await consider()).toBe(true);
      expect((await ledgerAt()).spent()).toBe(20n);
      await settle();
      expect(world.state).toMatchObject({ paid: 10n, nonce: 5 });
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toEqual([10n, []]);
    });

    it('counts all of what was sent first, where that is what came through', async () => {
      const world = fakeChain();
      world.fates.push(unknown(), unknown());
      const { settle, consider } = await daemon(world);
      await consider();
      world.state.transferable = 11n;
      await consider();
      world.state.nonce = 5;
      world.state.lease = { ...LEASE, endsAt: LEASE.endsAt + 2 * HOUR };
      await settle();
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toEqual([20n, []]);
    });

    it('is still open when somebody else made the lease longer meanwhile, and counts once', async () => {
      const world = fakeChain();
      world.fates.push(unknown());
      const { settle, consider } = await daemon(world);
      await consider();
      world.state.lease = { ...LEASE, endsAt: LEASE.endsAt + HOUR };
      world.state.transferable = 11n;
      expect(await consider(moment.now + HOUR)).toBe(true);
      expect([(await ledgerAt()).spent(), world.submitted.at(-1)]).toEqual([20n, [1, 10n, 4]]);
      await settle();
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toEqual([10n, []]);
    });

    it('counts nothing where the chain refused whichever it was', async () => {
      const world = fakeChain();
      world.fates.push(unknown(), failure('DispatchFailed'));
      const { settle, consider } = await daemon(world, { maxPrice: 16n });
      await consider();
      world.state.resource = DEARER;
      await consider();
      expect((await ledgerAt()).spent()).toBe(32n);
      await settle();
      expect([(await ledgerAt()).spent(), (await ledgerAt()).open()]).toEqual([0n, []]);
    });
  });

  it('reads what an older release wrote down', async () => {
    await writeFile(join(home, 'extensions.json'), '{"me":"41","you":"7"}');
    const ledger = await ledgerAt();
    expect([ledger.spent(), ledger.open()]).toEqual([41n, []]);
    await ledger.begin({ lease: 1, endsAt: 2, hours: 3, perHour: '5', nonce: 0 });
    expect((await ledgerAt()).spent()).toBe(56n);
    expect((await openLedger(join(home, 'extensions.json'), 'you')).spent()).toBe(7n);
  });
});
