import type { Libvirt } from '@hamster/libvirt';
import type { MachineOrder, MachineSpec, WarmWish } from '../../driver.ts';
import { MachineError } from '../../errors.ts';
import { KeyedLock } from '../../host/keyed-lock.ts';
import { exists } from '../../host/files.ts';
import { deadlineSignal } from '../../host/poll.ts';
import { isClaimable } from '../../images/entry.ts';
import type { MachineImage } from '../../images/entry.ts';
import { checkMinimum } from '../../offer.ts';
import { checkSpec } from '../../order.ts';
import { allMachines, warmRemains } from '../locate.ts';
import type { Place } from '../locate.ts';
import { findMachine, powerOf } from '../machine.ts';
import { machineNames } from '../names.ts';
import type { MachineNames } from '../names.ts';
import { removeMachine } from '../remove-machine.ts';
import type { Site } from '../workshop.ts';
import { bootAhead } from './boot-ahead.ts';
import { becomeTenants, take } from './claim.ts';
import { claimable, fitsBeside, fulfilling, surplus } from './match.ts';
import type { CurrentWish, Member } from './match.ts';
import { isUnclaimed, newWarmKey } from './warm-key.ts';

export const MAX_WARM_MACHINES = 16;

export type WarmPoolModules = Place & {
  siteAt(libvirt: Libvirt, names: MachineNames, signal: AbortSignal): Site;
  image(name: string): Promise<MachineImage>;
  /** All that may be sold of this host. */
  offered(): Promise<MachineSpec>;
  /** How long one may take to boot. */
  bootLimitMs(): Promise<number>;
};

/**
 * Machines that were booted before anybody ordered them. What there is of them is read from libvirt each time. One is
 * ready while its metadata says so and libvirt holds it; it goes on only once, with its claim.
 */
export class WarmPool {
  readonly #modules: WarmPoolModules;
  readonly #locks = new KeyedLock();

  constructor(modules: WarmPoolModules) {
    this.#modules = modules;
  }

  /** Throws away what is not wished for or not fit, and boots what is missing, one after the other, while there is room. */
  prepare(libvirt: Libvirt, wishes: readonly WarmWish[], signal: AbortSignal): Promise<void> {
    return this.#locks.run(
      'prepare',
      async () => {
        const current = await this.#currentOf(wishes);
        for (const names of await warmRemains(libvirt, this.#modules)) {
          await removeMachine(this.#modules.siteAt(libvirt, names, signal));
        }
        for (const member of surplus(await this.#members(libvirt), current)) {
          await this.#discard(libvirt, member, signal);
        }
        for (const wish of current) await this.#fulfil(libvirt, wish, signal);
      },
      signal,
    );
  }

  /**
   * Names of the machine that is the order's from now on, or undefined when none fits. Whether it got to know its tenant
   * is in its metadata; if not, it is to be built anew.
   */
  async claim(
    libvirt: Libvirt,
    { order, image }: { order: MachineOrder; image: MachineImage },
    signal: AbortSignal,
  ): Promise<MachineNames | undefined> {
    const pick = async (): Promise<MachineNames | undefined> => {
      for (const member of claimable(await this.#members(libvirt), image, order.spec)) {
        const site = this.#modules.siteAt(libvirt, member.names, signal);
        if (await take(site, member, order)) return member.names;
      }
      return undefined;
    };
    const names = await this.#locks.run('members', pick, signal);
    if (names) await becomeTenants(this.#modules.siteAt(libvirt, names, signal));
    return names;
  }

  /** Throws away as many as it takes for a machine of `spec` to fit beside those that are leased. */
  async makeRoom(libvirt: Libvirt, spec: MachineSpec, signal: AbortSignal): Promise<void> {
    for (;;) {
      const last = (await this.#members(libvirt)).at(-1);
      if (last === undefined || (await this.#hasRoom(libvirt, spec))) return;
      await this.#discard(libvirt, last, signal);
    }
  }

  async #fulfil(libvirt: Libvirt, current: CurrentWish, signal: AbortSignal): Promise<void> {
    const { wish, image } = current;
    const there = fulfilling(await this.#members(libvirt), current).length;
    for (let count = there; count < wish.count; count += 1) {
      if (!(await this.#hasRoom(libvirt, wish.spec))) return;
      const key = newWarmKey();
      const names = machineNames(this.#modules.chain, key, this.#modules.stateDir);
      const limit = deadlineSignal(await this.#modules.bootLimitMs(), signal);
      await bootAhead(this.#modules.siteAt(libvirt, names, limit), { key, image, spec: wish.spec }).catch(
        async (error: unknown) => {
          // The next look removes what this one cannot.
          await this.#abandon(libvirt, names, signal).catch(() => undefined);
          throw error;
        },
      );
    }
  }

  async #currentOf(wishes: readonly WarmWish[]): Promise<CurrentWish[]> {
    const total = wishes.reduce((sum, { count }) => sum + count, 0);
    if (total > MAX_WARM_MACHINES)
      throw new MachineError(
        'InvalidOrder',
        `at most ${MAX_WARM_MACHINES} machines are booted ahead, not ${total}`,
      );
    return Promise.all(
      wishes.map(async (wish) => {
        checkSpec(wish.spec);
        const image = await this.#modules.image(wish.image);
        checkMinimum(image, wish.spec);
        if (isClaimable(image)) return { wish, image };
        const message = `image ${image.name} has nothing by which this version gives a machine a tenant after its boot: build tiny or debian-12 again`;
        throw new MachineError('Unsupported', message);
      }),
    );
  }

  async #members(libvirt: Libvirt): Promise<Member[]> {
    const all = await allMachines(libvirt, this.#modules);
    const unclaimed = all.filter(({ metadata }) => isUnclaimed(metadata.order));
    return Promise.all(
      unclaimed.map(async (each) => ({ ...each, held: (await powerOf(libvirt, each.domain)) === 'held' })),
    );
  }

  async #hasRoom(libvirt: Libvirt, spec: MachineSpec): Promise<boolean> {
    const others = (await allMachines(libvirt, this.#modules)).map(({ metadata }) => metadata.now.spec);
    return fitsBeside(spec, others, await this.#modules.offered());
  }

  /** Frees the memory and the disk of one that did not come to rest, unless it did after all and may be somebody's. */
  #abandon(libvirt: Libvirt, names: MachineNames, signal: AbortSignal): Promise<void> {
    return this.#locks.run(
      'members',
      async () => {
        const found = await findMachine(libvirt, names);
        if (found ? found.metadata.phase !== 'building' : await exists(names.claimed)) return;
        await removeMachine(this.#modules.siteAt(libvirt, names, signal));
      },
      signal,
    );
  }

  // Between the look and the lock, somebody may have claimed it.
  #discard(libvirt: Libvirt, { names }: Member, signal: AbortSignal): Promise<void> {
    return this.#locks.run(
      'members',
      async () => {
        const members = await this.#members(libvirt);
        if (!members.some((member) => member.names.domain === names.domain)) return;
        await removeMachine(this.#modules.siteAt(libvirt, names, signal));
      },
      signal,
    );
  }
}
