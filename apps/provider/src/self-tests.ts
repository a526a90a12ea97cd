import { DaemonError, sentenceOf } from '@hamster/daemon';
import type { MachineDriver, SelfTestReport } from '@hamster/machines';

/** What a self-test found, or why it could not be run. */
export type SelfTestOutcome = { readonly report: SelfTestReport } | { readonly error: string };

/** A self-test that has ended. `at` is ms since 1970. */
export type SelfTestResult = { readonly at: number } & SelfTestOutcome;

export interface SelfTestModules {
  readonly driver: Pick<MachineDriver, 'selfTest'>;
  readonly now: () => number;
  readonly onResult: (result: SelfTestResult) => void;
}

/** Runs self-tests, one at a time, and keeps the last result. */
export class SelfTests {
  readonly #modules: SelfTestModules;
  readonly #stop = new AbortController();
  #last: SelfTestResult | undefined;
  #running: Promise<void> | undefined;

  constructor(modules: SelfTestModules) {
    this.#modules = modules;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  get last(): SelfTestResult | undefined {
    return this.#last;
  }

  /** Runs a test, or waits for the one that runs, and hands back what it found. */
  async outcome(): Promise<SelfTestOutcome> {
    await this.#begun();
    return this.#last ?? { error: 'The self-test was cut short.' };
  }

  /** Begins a test and does not wait for it. Throws `SELF_TEST_RUNNING`. */
  begin(): void {
    if (this.#running !== undefined) throw alreadyRunning();
    void this.#begun();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #begun(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    const { driver, now, onResult } = this.#modules;
    try {
      this.#last = { report: await driver.selfTest(this.#stop.signal), at: now() };
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#last = { error: sentenceOf(error), at: now() };
    }
    onResult(this.#last);
  }
}

function alreadyRunning(): DaemonError {
  return new DaemonError('SELF_TEST_RUNNING', 'A self-test runs already. Look for its result in a minute.');
}
