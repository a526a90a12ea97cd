import { DispatchFailed } from '@hamster/chain-client';
import { DaemonError, sentenceOf, type Logger } from '@hamster/daemon';
import { MachineError, type MachineDriver } from '@hamster/machines';
import { hasCaughtUp, type ChainMark } from '../chain-mark.ts';
import type { MachineGate } from '../control/machine-gate.ts';
import type { Pulse } from '../pulse.ts';
import { LeaseJobs } from './jobs.ts';
import { isDown, planWork } from './plan.ts';
import { UnpaidMachines } from './unpaid-machines.ts';
import type { LiveLease, MarketChain, PendingOrder, Work } from './work.ts';

export interface ReconcilerModules {
  readonly chain: MarketChain;
  readonly driver: MachineDriver;
  readonly log: Logger;
  /** Of a clock that never goes back, ms. */
  readonly now: () => number;
  readonly pulse: Pick<Pulse, 'passed' | 'passFailed' | 'jobFailed'>;
  readonly mark: ChainMark;
  readonly gate: MachineGate;
  /** Whether machines can be made here; while not, orders are turned away. */
  readonly isFit: () => boolean;
  /** Called as soon as no lease pays for a machine: nobody keeps a stream to it. */
  readonly closeStreams: (lease: bigint) => void;
  /** Called before a machine is destroyed: what its renter chose is forgotten. */
  readonly endLease: (lease: bigint) => Promise<void>;
  /** Told in each pass which leases are of any concern: on chain, or with a machine here. What is kept of others can go. */
  readonly onlyLeases: (leaseIds: ReadonlySet<string>) => Promise<void>;
  /** Called when the node turns out to serve another chain: nothing further is done. */
  readonly onReplaced: (error: DaemonError) => void;
}

/** What a renter reads whose order came just before the machine began to drain, or was found unfit. */
const DRAINING = 'The provider takes no new orders for this machine at present; rent another one';

/** What a renter reads whose machine found no room; they are refunded. */
const NO_DISK = "The provider's disk is full; rent another machine";

/** What a renter reads whose order would be covered alone, and not beside those that came before; they are refunded. */
const NO_STAKE = "The provider's stake secures other leases already; rent another machine";

/**
 * Makes the host run what the chain says, again and again. Remembers nothing that matters: killed at any moment
 * and started again, it ends in the same state.
 */
export class Reconciler {
  readonly #modules: ReconcilerModules;
  readonly #stop = new AbortController();
  readonly #jobs: LeaseJobs;
  readonly #lost = new Set<string>();
  readonly #unpaid: UnpaidMachines;
  #wanted = false;
  #loop: Promise<void> | undefined;

  constructor(modules: ReconcilerModules) {
    this.#modules = modules;
    this.#unpaid = new UnpaidMachines((lease) => modules.closeStreams(BigInt(lease)));
    this.#jobs = new LeaseJobs({
      now: modules.now,
      onSettled: () => this.trigger(),
      onFailed: (leaseId, error, waitMs) => {
        if (this.#stop.signal.aborted) return;
        modules.log.warn({ lease: leaseId, reason: sentenceOf(error), waitMs }, 'will be tried again');
        modules.pulse.jobFailed(leaseId, sentenceOf(error));
      },
    });
  }

  /** Asks for a pass; passes never overlap, and any number of requests during one makes one more. */
  trigger(): void {
    if (this.#stop.signal.aborted) return;
    this.#wanted = true;
    this.#loop ??= this.#run().finally(() => (this.#loop = undefined));
  }

  /** Lets the current work come to a safe point. Machines keep running. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#jobs.idle();
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stop.signal.aborted) {
      this.#wanted = false;
      try {
        await this.#pass();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (isReplaced(error)) return this.#giveUp(error);
        this.#modules.log.warn({ reason: sentenceOf(error) }, 'could not compare the host with the chain');
        this.#modules.pulse.passFailed(sentenceOf(error));
      }
    }
  }

  async #pass(): Promise<void> {
    const { chain, driver, isFit, pulse } = this.#modules;
    const work = await chain.work(this.#stop.signal);
    const isCurrent = await this.#isCurrent(work);
    const machines = await driver.list();
    const plan = planWork({ ...work, draining: work.draining || !isFit() }, machines);
    const ofChain = [...work.pending, ...work.live].map(({ id }) => String(id));
    const known = new Set([...ofChain, ...machines.map(({ leaseId }) => leaseId)]);
    this.#jobs.keepOnly(known);
    for (const lease of plan.start) this.#jobs.run(String(lease.id), () => this.#start(lease));
    for (const lease of plan.lost) this.#reportLost(lease);
    if (isCurrent) {
      await this.#modules.onlyLeases(known);
      for (const order of plan.build) this.#jobs.run(String(order.id), () => this.#build(order));
      for (const order of plan.refuse)
        this.#jobs.run(String(order.id), () => this.#turnAway(order, DRAINING));
      for (const leaseId of this.#unpaid.surely(plan.destroy, work))
        this.#jobs.run(leaseId, () => this.#destroy(leaseId));
    }
    pulse.passed(work, machines);
  }

  /**
   * A node that has just been restored or still syncs shows an older chain, in which paid leases do not exist yet.
   * Nothing is made or destroyed on the word of such a node, and nothing at all is done on that of one with another chain.
   */
  async #isCurrent({ chainTime, final }: Work): Promise<boolean> {
    const { chain, mark, log } = this.#modules;
    const seen = await mark.read();
    if (!(await hasCaughtUp(chain, mark, this.#stop.signal)) || chainTime < seen.chainTime) {
      log.warn(
        { chainTime, seen },
        'the node is behind what was seen before; no machine is made or destroyed until it catches up',
      );
      return false;
    }
    // Block 0 tells nothing: every chain that began alike has it.
    const block = final.number > 0 ? final : undefined;
    if (chainTime > seen.chainTime || !seen.block) await mark.write({ chainTime, ...(block && { block }) });
    return true;
  }

  #giveUp(error: DaemonError): void {
    this.#stop.abort();
    this.#modules.onReplaced(error);
  }

  async #build(order: PendingOrder): Promise<void> {
    const { chain, driver, log } = this.#modules;
    const { signal } = this.#stop;
    const leaseId = String(order.id);
    log.info({ lease: leaseId, image: order.image, ...order.spec }, 'building a machine');
    try {
      const { spec, image } = order;
      await driver.create({ leaseId, spec, image, sshPublicKeys: [order.sshPublicKey] }, signal);
      const { hostKey } = await driver.waitReady(leaseId, signal);
      await chain.accept(order.id, hostKey, signal);
      log.info({ lease: leaseId }, 'machine ready, order accepted');
    } catch (error) {
      if (lacksStake(error)) return this.#turnAway(order, NO_STAKE);
      const reason = whyRefused(error);
      if (reason === undefined) throw error;
      log.warn({ lease: leaseId, reason: sentenceOf(error) }, 'order refused');
      await this.#refuse(order, reason);
    }
  }

  /** Its machine, if there is one, goes when the refusal is final: an acceptance that was sent before may come first. */
  async #turnAway({ id }: PendingOrder, reason: string): Promise<void> {
    const { chain, log } = this.#modules;
    log.info({ lease: String(id), reason }, 'order turned away');
    await chain.reject(id, reason, this.#stop.signal);
  }

  async #refuse({ id }: PendingOrder, reason: string): Promise<void> {
    const { chain, driver } = this.#modules;
    await driver.destroy(String(id));
    await chain.reject(id, reason, this.#stop.signal);
  }

  /** A machine that goes down in the middle of its renter's command, or is stopped by one, is not ours to start. */
  async #start({ id }: LiveLease): Promise<void> {
    const { driver, gate, log } = this.#modules;
    const lease = String(id);
    if (gate.busyWith(lease) !== undefined) return;
    await gate.run(lease, 'start', async () => {
      if (!isDown(await driver.inspect(lease))) return;
      log.info({ lease }, 'starting a machine that had stopped');
      await driver.start(lease);
    });
  }

  async #destroy(leaseId: string): Promise<void> {
    const { endLease, driver, log } = this.#modules;
    log.info({ lease: leaseId }, 'no lease pays for this machine any more: destroying it');
    await endLease(BigInt(leaseId));
    await driver.destroy(leaseId);
    log.info({ lease: leaseId }, 'machine destroyed');
  }

  #reportLost({ id }: LiveLease): void {
    const lease = String(id);
    if (this.#lost.has(lease)) return;
    this.#lost.add(lease);
    this.#modules.log.error(
      { lease },
      'the machine of a live lease is gone. It is reported as not running, and the lease ends as a fault',
    );
  }
}

const isReplaced = (error: unknown): error is DaemonError =>
  error instanceof DaemonError && error.code === 'CHAIN_REPLACED';

/** What the renter reads where another attempt on this host would not help; undefined where it may. */
function whyRefused(error: unknown): string | undefined {
  if (error instanceof MachineError)
    return error.fault === 'order' || error.fault === 'host' ? error.message : undefined;
  return isDiskFull(error) ? NO_DISK : undefined;
}

/** The chain takes no lease that no collateral is left for, however often it is asked. */
const lacksStake = (error: unknown): boolean =>
  error instanceof DispatchFailed && error.pallet === 'resourceOrder' && error.error === 'InsufficientStake';

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
