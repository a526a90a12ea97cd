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
import { ForwardBook } from '../src/daemon/forwards.ts';
import { LeaseKeeper, type KeptLease } from '../src/daemon/keeper.ts';
import { watchLeases } from '../src/daemon/watch.ts';

const HOUR = 3_600_000;
const LEASE = { id: 7, resource: 1, status: 'Active', endsAt: 10 * HOUR } as Lease;
const signal = new AbortController().signal;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-daemon-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('a round of the daemon', () => {
  it('finds out what became of what was sent before it reads the leases, and extends none that it has old news of', async () => {
    const calls: string[] = [];
    const stop = new AbortController();
    const over = Promise.withResolvers<void>();
    const watching = watchLeases({
      chain: {
        chain: { genesisHash: '0x' },
        now: async () => 0,
        parameters: async () => ({ resourceOrder: { hour: HOUR } }),
      } as never,
      keeper: {
        refresh: async () => void calls.push('refresh'),
        leases: () => [{ lease: LEASE }] as never,
      },
      extender: {
        settle: async () => void calls.push('settle'),
        consider: async () => {
          calls.push('consider');
          over.resolve();
          return false;
        },
      },
      log: { warn: () => undefined },
      settings: { home, chain: 'ws://here' },
      publish: () => undefined,
    });
    const started = await watching.start({ signal: stop.signal } as never);
    await over.promise;
    await started.stop();
    // The first look, with which the daemon starts, extends nothing.
    expect(calls).toEqual(['refresh', 'settle', 'refresh', 'consider']);
  });
});

describe('rounds that fail', () => {
  it('are as far apart as others, and say why once until it is something else', async () => {
    const told: string[] = [];
    const pauses: number[] = [];
    const reasons = ['disk full', 'disk full', 'disk full', 'no chain', undefined, 'no chain'];
    const over = Promise.withResolvers<void>();
    let began = performance.now();
    const watching = watchLeases({
      chain: {
        chain: { genesisHash: '0x' },
        now: async () => 0,
        parameters: async () => ({ resourceOrder: { hour: HOUR } }),
      } as never,
      keeper: { refresh: async () => undefined, leases: () => [] },
      extender: {
        settle: async () => {
          pauses.push(performance.now() - began);
          began = performance.now();
          if (reasons.length === 0) over.resolve();
          const reason = reasons.shift();
          if (reason) throw new Error(reason);
        },
        consider: async () => false,
      },
      log: { warn: (text: unknown) => void told.push(String(text)) },
      settings: { home, chain: 'ws://here' },
      everyMs: 20,
      publish: () => undefined,
    });
    const started = await watching.start({ signal } as never);
    await over.promise;
    await started.stop();
    // A timer may be a millisecond early by the clock.
    for (const pause of pauses.slice(1)) expect(pause).toBeGreaterThanOrEqual(18);
    const line = (reason: string): string =>
      `The leases could not be looked after, which is tried again: ${reason}`;
    expect(told).toEqual([line('disk full'), line('no chain'), line('no chain')]);
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
