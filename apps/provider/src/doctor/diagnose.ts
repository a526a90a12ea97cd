import { chainChecks } from './chain-checks.ts';
import type { Check } from './check.ts';
import { daemonChecks } from './daemon-checks.ts';
import type { Facts } from './facts.ts';
import { hostChecks } from './host-checks.ts';
import { marketChecks } from './market-checks.ts';

/** Why orders come or do not. Pure: the same facts give the same checks. */
export function diagnose(facts: Facts): Check[] {
  return [...chainChecks(facts), ...marketChecks(facts), ...daemonChecks(facts), ...hostChecks(facts)];
}
