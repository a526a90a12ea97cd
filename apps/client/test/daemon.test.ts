import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '@hamster/chain-client';
import { openDoor, throughDaemon } from '../src/daemon/door.ts';
import { Endings } from '../src/daemon/endings.ts';
import { Extender } from '../src/daemon/extender.ts';
import { extensionFor } from '../src/daemon/extension.ts';
import { ForwardBook } from '../src/daemon/forwards.ts';
import { LeaseKeeper, type KeptLease } from '../src/daemon/keeper.ts';
import { openLedger } from '../src/daemon/ledger.ts';

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
const RESOURCE = { prices: PRICES, availableUntil: 100 * HOUR };
const TERMS = { cap: 50n, hours: 3 };
const signal = new AbortController().signal;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-daemon-'));
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

  /** A chain with one lease. What is submitted with a nonce that is used already does nothing, as on a real one. */
  function fakeChain() {
    const state = { lease: LEASE, nonce: 4, paid: 0n, transferable: 1000n };
    /** What happens to the next submissions: done, and told or not; or an error before anything was done. */
    const fates: ('told' | 'untold' | Error)[] = [];
    const submit = async ({ hours }: { hours: number }, _: unknown, { nonce }: { nonce: number }) => {
      const fate = fates.shift() ?? 'told';
      if (nonce < state.nonce) throw failure('TransactionRejected');
      if (fate instanceof Error && fate.name !== 'DispatchFailed') throw fate;
      state.nonce = nonce + 1;
      if (fate instanceof Error) throw fate;
      state.paid += BigInt(hours) * 10n;
      state.lease = { ...state.lease, endsAt: state.lease.endsAt + hours * HOUR };
      if (fate === 'untold') throw failure('ChainUnreachable');
      return { events: { get: () => ({ endsAt: state.lease.endsAt }) } };
    };
    const reads = {
      balance: async () => ({ nonce: state.nonce, transferable: state.transferable }),
      lease: async () => state.lease,
    };
    const chain = {
      ...reads,
      resource: async () => RESOURCE,
      fee: async () => 1n,
      nextNonce: async () => state.nonce,
      snapshot: async () => reads,
      calls: { resourceOrder: { extendLease: (_: number, hours: number) => ({ hours }) } },
      submit,
    };
    return { state, fates, chain: chain as never };
  }

  const ledgerAt = () => openLedger(join(home, 'extensions.json'), 'me');
  /** A daemon that starts, looks once, and is gone. */
  async function look({ chain, state }: ReturnType<typeof fakeChain>, cap = 100n) {
    const told: string[] = [];
    const note = (_: object, text: string): void => void told.push(text);
    const extender = new Extender({
      chain,
      account: { address: 'me', unlock: async () => ({}) as never, lock: () => undefined },
      terms: { cap, hours: 2 },
      ledger: await ledgerAt(),
      log: { info: note, warn: note } as never,
      publish: () => undefined,
    });
    await extender.settle(signal);
    await extender.consider(state.lease, moment, signal);
    await extender.consider(state.lease, moment, signal);
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
    expect((await look(world, 19n)).told).toEqual([expect.stringContaining('may yet come through')]);
    expect((await look(world, 9n)).told).toEqual([expect.stringContaining('are spent')]);
    expect(world.state.paid).toBe(0n);
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

describe('warnings before the end', () => {
  it('come once at an hour and once at ten minutes, and anew after an extension', () => {
    const endings = new Endings();
    const left = (minutes: number, endsAt = LEASE.endsAt) =>
      endings.due({ id: 7, endsAt }, { now: endsAt - minutes * 60_000, hourMs: HOUR });
    expect([61, 60, 40, 10, 9, 1].map((minutes) => left(minutes))).toEqual([
      undefined,
      60 * 60_000,
      undefined,
      10 * 60_000,
      undefined,
      undefined,
    ]);
    expect(left(30, LEASE.endsAt + HOUR)).toBe(30 * 60_000);
  });
});

describe('the ways that are kept open', () => {
  it('follow the chain: a lease comes, cannot be reached, is reached, and ends', async () => {
    const onChain: Lease[] = [LEASE];
    const reachable = { now: false };
    const changes: Pick<KeptLease, 'connection' | 'why'>[] = [];
    const ended: number[] = [];
    const keeper = new LeaseKeeper({
      chain: { leasesOf: async () => onChain },
      address: 'me',
      openSession: async () => ({}) as never,
      connect: async () => ({
        renew: () => undefined,
        status: async () => {
          if (!reachable.now) throw new Error('no gateway');
          return { state: 'running' } as never;
        },
        tunnel: async () => duplexPair()[0],
      }),
      now: () => 5,
      onChange: ({ connection, why }) => void changes.push({ connection, why }),
      onEnd: (id) => void ended.push(id),
    });
    await keeper.refresh(signal);
    reachable.now = true;
    await keeper.refresh(signal);
    await keeper.refresh(signal);
    expect(keeper.leases()).toMatchObject([
      { lease: { id: 7 }, connection: 'connected', machine: 'running' },
    ]);
    expect(await keeper.tunnel(7, 22, signal)).toBeDefined();
    onChain.pop();
    await keeper.refresh(signal);
    expect(changes).toEqual([
      { connection: 'unreachable', why: 'no gateway' },
      { connection: 'connected', why: undefined },
      { connection: 'unreachable', why: 'Lease 7 has ended.' },
    ]);
    expect(ended).toEqual([7]);
    await expect(keeper.tunnel(7, 22, signal)).rejects.toMatchObject({ code: 'LEASE_NOT_FOUND' });
  });
});

describe('the door for commands', () => {
  const place = () => ({ home, chain: 'ws://x', account: 'me' });

  it('joins a command and a machine, both ends by themselves, for its owner alone', async () => {
    const [mine, machine] = duplexPair();
    const asked: number[][] = [];
    const tunnel = async (lease: number, port: number): Promise<Duplex> => {
      asked.push([lease, port]);
      return mine;
    };
    const door = await openDoor({ place: place(), tunnel });
    expect((await stat(join(home, 'daemon'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, 'daemon', 'door'))).mode & 0o777).toBe(0o600);
    const stream = await throughDaemon(place(), 7, 22);
    if (!stream) throw new TypeError('the daemon did not help');
    machine.write('SSH-2.0-test\n');
    stream.end('to the machine');
    expect(await text(machine)).toBe('to the machine');
    machine.end('and back');
    expect(await text(stream)).toBe('SSH-2.0-test\nand back');
    expect(asked).toEqual([[7, 22]]);
    await expect(openDoor({ place: place(), tunnel })).rejects.toMatchObject({ code: 'DAEMON_RUNS' });
    await door.close();
  });

  it('is of no use to another account, another chain, or nonsense, and a command does without it', async () => {
    const refused = { tunnel: () => Promise.reject(new Error('unreachable')) };
    const door = await openDoor({ place: place(), ...refused });
    expect(await throughDaemon({ ...place(), account: 'other' }, 7, 22)).toBeUndefined();
    expect(await throughDaemon({ ...place(), chain: 'ws://y' }, 7, 22)).toBeUndefined();
    expect(await throughDaemon(place(), 7, 22)).toBeUndefined();
    const socket = connect(join(home, 'daemon', 'door'));
    socket.end(`${'x'.repeat(5000)}\n`);
    expect(JSON.parse(await text(socket))).toMatchObject({ ok: false, code: 'NO_LINE' });
    await door.close();
    expect(await throughDaemon(place(), 7, 22)).toBeUndefined();
  });
});

describe('forwards', () => {
  it('lead to the machine, are kept for the next start, and close with the lease', async () => {
    const path = join(home, 'forwards.json');
    const [mine, machine] = duplexPair();
    const log = { info: () => undefined, warn: () => undefined } as never;
    const options = { path, log, tunnel: async () => mine, onChange: () => undefined };
    const book = new ForwardBook(options);
    await book.restore([{ lease: 7, local: 0, remote: 80 }]);
    const [open] = book.list();
    const socket = connect(open?.local ?? 0, '127.0.0.1');
    machine.end('hello');
    expect(await text(socket)).toBe('hello');
    await expect(book.open({ lease: 7, local: open?.local ?? 0, remote: 81 })).rejects.toMatchObject({
      code: 'FORWARD_EXISTS',
    });
    await book.stop();
    const kept = JSON.parse(await readFile(path, 'utf8')) as object[];
    expect(kept).toEqual([{ lease: 7, local: open?.local, remote: 80 }]);

    // Another program may have the port by now, so a free one is asked for here.
    await writeFile(path, JSON.stringify([{ ...kept[0], local: 0 }]));
    const next = new ForwardBook(options);
    await next.restore([]);
    expect(next.list()).toMatchObject([{ lease: 7, remote: 80 }]);
    await next.closeLease(7);
    expect(next.list()).toEqual([]);
    await next.stop();
  });
});
