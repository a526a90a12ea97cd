import { DaemonError, sentenceOf } from '@hamster/daemon';
import type { MachineDriver, SelfTestReport } from '@hamster/machines';

/** A self-test that has ended. `at` is ms since 1970. */
export type SelfTestResult = { readonly at: number } & (
  { readonly report: SelfTestReport } | { readonly error: string }
);

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

  /** Takes over the result of a test that was run elsewhere. */
  remember(report: SelfTestReport): void {
    this.#last = { at: this.#modules.now(), report };
  }

  /** Begins a test and does not wait for it. Throws `SELF_TEST_RUNNING`. */
  begin(): void {
    if (this.#running !== undefined) throw alreadyRunning();
    this.#running = this.#run().finally(() => (this.#running = undefined));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
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
