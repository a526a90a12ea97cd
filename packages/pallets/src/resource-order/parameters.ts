import { isMoment } from '../primitives/arithmetic.ts';
import { isPermill } from '../primitives/permill.ts';
import { longestProven } from './rules/silence.ts';
import type { Parameters } from './types.ts';

const SECOND = 1_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** For a network of strangers. */
export const PUBLIC_PARAMETERS: Parameters = {
  hour: HOUR,
  order_timeout: 10n * MINUTE,
  heartbeat_interval: 5n * MINUTE,
  suspend_after: 10n * MINUTE,
  fault_after: 30n * MINUTE,
  max_hours: 8760,
  min_cpu_cores: 1,
  min_memory_mib: 64,
  min_disk_gib: 1,
  collateral_hours_max: 168,
  notice_hours: 1,
  provider_terminate_penalty: 250_000,
  fee_gateways: 30_000,
  fee_validators: 10_000,
  fee_treasury: 10_000,
  retention: 30n * DAY,
  due_per_block: 512,
};

/** A billed hour lasts ten minutes, so that a person sees a whole lease. */
export const DEV_PARAMETERS: Parameters = {
  ...PUBLIC_PARAMETERS,
  hour: 10n * MINUTE,
  order_timeout: 5n * MINUTE,
  heartbeat_interval: 20n * SECOND,
  suspend_after: 60n * SECOND,
  fault_after: 180n * SECOND,
  retention: DAY,
};

/** Moments are sums of these and of today: none may come near the end of time. */
const isSpan = (span: bigint): boolean => span > 0n && isMoment(span * 4n);

const areSpansSound = (parameters: Parameters): boolean =>
  [
    parameters.hour * BigInt(parameters.max_hours),
    parameters.order_timeout,
    parameters.heartbeat_interval,
    parameters.suspend_after,
    parameters.fault_after,
    parameters.retention,
  ].every(isSpan);

const areRatesSound = (parameters: Parameters): boolean =>
  isPermill(parameters.provider_terminate_penalty) &&
  isPermill(parameters.fee_gateways + parameters.fee_validators + parameters.fee_treasury);

const isSomething = ({ min_cpu_cores, min_memory_mib, min_disk_gib }: Parameters): boolean =>
  [min_cpu_cores, min_memory_mib, min_disk_gib].every((least) => least > 0);

/**
 * Whether the rules can work with these numbers. Silence has to be longer than it takes to report, to suspend, then still be
 * forgivable, then be a fault; a slice is something of everything, and notice is no longer than a lease.
 */
export const areParametersSound = (parameters: Parameters): boolean =>
  areSpansSound(parameters) &&
  areRatesSound(parameters) &&
  isSomething(parameters) &&
  parameters.notice_hours <= parameters.max_hours &&
  parameters.due_per_block > 0 &&
  parameters.suspend_after > parameters.heartbeat_interval &&
  parameters.fault_after > longestProven(parameters);
