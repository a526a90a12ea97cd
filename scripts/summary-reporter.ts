import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Ends a test run with one line that people and machines can read: `N passed, N failed, N skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], _reason: TestRunEndReason): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that does not even load holds no test that could fail, and must not pass for that.
      if (module.errors().length > 0) count.failed += 1;
    }
    const failed = count.failed + errors.length;
    process.stdout.write(
      `\n${count.passed} passed, ${failed} failed, ${count.skipped + count.pending} skipped\n`,
    );
  }
}
