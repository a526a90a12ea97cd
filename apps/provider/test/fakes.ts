import { EventEmitter, once } from 'node:events';
import { createLogger } from '@hamster/daemon';
import {
  MachineError,
  type MachineDriver,
  type MachineOrder,
  type MachineSpec,
  type MachineState,
} from '@hamster/machines';
import { PassThrough, Writable } from 'node:stream';
import { Pulse } from '../src/pulse.ts';
import type { BlockRef } from '@hamster/chain-client';
import type { LeaseReport, LiveLease, MarketChain, PendingOrder, Work } from '../src/reconciler/work.ts';

export const SPEC = { cpuCores: 1, memoryMib: 512, diskGib: 2 };
export const HOST_KEY = 'ssh-ed25519 AAAAhost';

export const order = (id: bigint, image = 'tiny'): PendingOrder => ({
  id,
  spec: SPEC,
  image,
  sshPublicKey: 'ssh-ed25519 AAAAkey',
});

export const lease = (id: bigint, renter = 'alice'): LiveLease => ({
  ...order(id),
  renter,
  disputed: false,
  lastHeartbeat: 0,
});

/** Notes what happens, and tells nobody. */
export const quietPulse = () => new Pulse(Date.now, () => undefined);

export const quietLog = () =>
  createLogger({
    name: 'test',
    level: 'silent',
    json: true,
    output: new Writable({ write: (_c, _e, done) => done() }),
    colour: false,
  });

/** A chain that holds orders and leases in memory and records what it was told. */
export class FakeChain implements MarketChain {
  readonly events = new EventEmitter();
  readonly accepted: [bigint, string][] = [];
  readonly rejected: [bigint, string][] = [];
  readonly beats: (readonly LeaseReport[])[] = [];
  /** What the next beats fail with, one after the other; undefined lets one through. */
  failBeatsWith: (Error | undefined)[] = [];
  /** What the next acceptances fail with, one after the other. */
  failAcceptsWith: Error[] = [];
  chainTime = 10;
  pending: PendingOrder[] = [];
  live: LiveLease[] = [];
  unreachable = false;
  /** How often somebody asked for what there is to do, in vain or not. */
  asked = 0;
  draining = false;
  blocks: BlockRef[] = [{ number: 0, hash: '0x00' }];
  /** Before the final one, so that what is seen is final, unless a test says otherwise. */
  best = -1;

  blockHash(wanted: number): Promise<string | undefined> {
    return Promise.resolve(this.blocks.find(({ number }) => number === wanted)?.hash);
  }

  work(): Promise<Work> {
    this.asked += 1;
    this.events.emit('changed');
    if (this.unreachable) return Promise.reject(new MachineError('HypervisorFailed', 'chain gone'));
    return Promise.resolve({
      chainTime: this.chainTime,
      best: this.best,
      final: this.blocks.at(-1) ?? { number: 0, hash: '0x00' },
      pending: [...this.pending],
      live: [...this.live],
      draining: this.draining,
    });
  }

  accept(id: bigint, hostKey: string): Promise<void> {
    const failure = this.failAcceptsWith.shift();
    if (failure !== undefined) return Promise.reject(failure);
    const found = this.#take(id);
    this.live.push({ ...found, renter: 'alice', disputed: false, lastHeartbeat: 0 });
    this.accepted.push([id, hostKey]);
    this.events.emit('changed');
    return Promise.resolve();
  }

  reject(id: bigint, reason: string): Promise<void> {
    this.#take(id);
    this.rejected.push([id, reason]);
    this.events.emit('changed');
    return Promise.resolve();
  }

  heartbeat(reports: readonly LeaseReport[]): Promise<void> {
    const failure = this.failBeatsWith.shift();
    if (failure !== undefined) return Promise.reject(failure);
    this.beats.push(reports);
    this.events.emit('changed');
    return Promise.resolve();
  }

  #take(id: bigint): PendingOrder {
    const found = this.pending.find((candidate) => candidate.id === id);
    if (found === undefined) throw new MachineError('OrderConflict', `order ${id} is not pending`);
    this.pending = this.pending.filter((candidate) => candidate.id !== id);
    return found;
  }
}

/** A driver whose machines are entries of a map; `failWith` makes the creation of a lease's machine fail. */
export class FakeDriver implements MachineDriver {
  readonly kind = 'process';
  readonly events = new EventEmitter();
  readonly machines = new Map<string, MachineState>();
  readonly failWith = new Map<string, Error>();
  readonly reinstalled = Promise.withResolvers<void>();
  /** Machines of which the hypervisor says nothing. */
  readonly deaf = new Set<string>();
  readonly keys = new Map<string, readonly string[]>();
  /** What the next changes of keys fail with, one after the other. */
  failKeysWith: Error[] = [];
  created = 0;

  selfTest = () => Promise.resolve({ passed: true, checks: [] });
  capacity = () => Promise.resolve({ ...SPEC, virtualization: 'Process' as const, cpuModel: 'fake' });
  images = () => Promise.resolve([]);
  endpoint = () => Promise.resolve({ host: '127.0.0.1', port: 2222, user: 'root' });
  waitReady = () => Promise.resolve({ hostKey: HOST_KEY });
  inspect = (id: string) =>
    this.deaf.has(id)
      ? Promise.reject(new MachineError('TimedOut', 'no answer from the hypervisor'))
      : Promise.resolve(this.machines.get(id));
  list = () => Promise.resolve([...this.machines.values()]);
  close = () => Promise.resolve();

  create({ leaseId, spec, image }: MachineOrder) {
    const failure = this.failWith.get(leaseId);
    if (failure !== undefined) return Promise.reject(failure);
    if (!this.machines.has(leaseId)) this.created += 1;
    this.machines.set(leaseId, { leaseId, ...spec, image, running: true, wanted: 'running' });
    return this.endpoint().then((endpoint) => ({ leaseId, endpoint }));
  }

  stop = (id: string) => this.#set(id, { running: false, wanted: 'stopped' });
  start = (id: string) => this.#set(id, { running: true, wanted: 'running' });
  crash = (id: string) => this.#set(id, { running: false });
  reboot = (id: string) => this.start(id);
  reset = (id: string) => this.start(id);
  /** Ends when `reinstalled` is resolved, as a real one takes its time. */
  reinstall(id: string, image: string): Promise<void> {
    this.events.emit('reinstalling');
    return this.reinstalled.promise.then(() => this.#set(id, { image }));
  }
  resize(id: string, spec: MachineSpec): Promise<void> {
    const failure = this.failWith.get(id);
    return failure === undefined ? this.#set(id, spec) : Promise.reject(failure);
  }
  setSshKeys(id: string, keys: readonly string[]): Promise<'now'> {
    const failure = this.failKeysWith.shift();
    if (failure !== undefined) return Promise.reject(failure);
    this.keys.set(id, keys);
    return Promise.resolve('now');
  }
  addSshKey = () => Promise.resolve('now' as const);
  status = (id: string) =>
    Promise.resolve({ state: this.machines.get(id)?.running ? ('running' as const) : ('stopped' as const) });
  console = () => Promise.resolve(new PassThrough());
  metrics = () =>
    Promise.resolve({
      at: 0,
      cpu: { timeNs: 0n, percent: 0 },
      memory: { usedBytes: 0, limitBytes: 0 },
      disk: { usedBytes: 0, sizeBytes: 0 },
      network: undefined,
    });

  destroy(id: string): Promise<void> {
    this.machines.delete(id);
    this.events.emit('changed');
    return Promise.resolve();
  }

  #set(id: string, change: Partial<MachineState>): Promise<void> {
    const machine = this.machines.get(id);
    if (machine !== undefined) this.machines.set(id, { ...machine, ...change });
    this.events.emit('changed');
    return Promise.resolve();
  }
}

/** Waits until the condition holds, looking again after each `changed` event of the emitter. */
export async function until(emitter: EventEmitter, condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(25_000);
  while (!condition()) await once(emitter, 'changed', { signal });
}
