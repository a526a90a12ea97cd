import { delay, sentenceOf, type DaemonError, type Logger } from '@hamster/daemon';
import type { MachineDriver, SelfTestCheck } from '@hamster/machines';
import type { Config } from '../config.ts';
import type { Pulse } from '../pulse.ts';
import type { SelfTests } from '../self-tests.ts';
import { fitnessOf, hindrancesOf, type Fitness } from './fitness.ts';

export interface FitnessModules {
  readonly driver: MachineDriver;
  readonly settings: Pick<Config, 'allowEmulation' | 'images'>;
  readonly selfTests: Pick<SelfTests, 'outcome'>;
  readonly pulse: Pick<Pulse, 'hindered'>;
  readonly log: Logger;
  /** Between two looks at a host that is not fit, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 30_000;

/**
 * Whether this host can make the machines that it offers. Where it cannot and leases run all the same, they are served; orders come
 * again by themselves when it can.
 */
export class FitnessWatch {
  readonly #modules: FitnessModules;
  #last: Fitness | undefined;

  constructor(modules: FitnessModules) {
    this.#modules = modules;
  }

  /** Why no machine can be made; undefined when they can. */
  get obstacle(): DaemonError | undefined {
    return this.#last?.obstacle;
  }

  /** Looks now, and notes what was found where status and doctor are asked. */
  async look(signal: AbortSignal): Promise<Fitness> {
    const { driver, settings, selfTests, pulse } = this.#modules;
    const found = await fitnessOf(driver, settings, await selfTests.outcome());
    signal.throwIfAborted();
    this.#tell(found);
    this.#last = found;
    pulse.hindered(hindrancesOf(found));
    return found;
  }

  /** Looks again until nothing is amiss, and calls `onChange` when something else is, until that succeeds. */
  async untilFit(onChange: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { log, everyMs = EVERY_MS } = this.#modules;
    let told = this.#amiss();
    while (told !== '[]') {
      await delay(everyMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.look(signal);
        if (this.#amiss() === told) continue;
        told = '';
        await onChange(signal);
        told = this.#amiss();
        log.info({ amiss: JSON.parse(told) as unknown }, 'what this host can make has changed');
      } catch (error) {
        if (!signal.aborted)
          log.warn({ reason: sentenceOf(error) }, 'could not look whether this host is fit');
      }
    }
  }

  /** The same lines every half minute would drown everything else. */
  #tell(found: Fitness): void {
    const failed = failedChecks(found);
    if (JSON.stringify(failed) === JSON.stringify(this.#last && failedChecks(this.#last))) return;
    for (const { name, detail } of failed) this.#modules.log.warn({ check: name }, detail);
  }

  #amiss(): string {
    return JSON.stringify(this.#last === undefined ? [] : hindrancesOf(this.#last));
  }
}

function failedChecks({ selfTest }: Fitness): readonly SelfTestCheck[] {
  return 'report' in selfTest ? selfTest.report.checks.filter(({ passed }) => !passed) : [];
}
