import type { SelfTestCheck, SelfTestReport } from '../driver.ts';
import { textOf } from '../errors.ts';

/** Passed when `probe` gives its detail; what it throws is the detail of a failure. */
export async function check(
  name: string,
  probe: () => Promise<string>,
  level: SelfTestCheck['level'] = 'required',
): Promise<SelfTestCheck> {
  return probe().then(
    (detail): SelfTestCheck => ({ name, passed: true, level, detail }),
    (error: unknown): SelfTestCheck => ({ name, passed: false, level, detail: textOf(error) }),
  );
}

export function report(checks: SelfTestCheck[]): SelfTestReport {
  return { passed: checks.every(({ passed, level }) => passed || level === 'advice'), checks };
}
