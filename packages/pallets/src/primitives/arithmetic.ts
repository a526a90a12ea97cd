import { U128_MAX, U64_MAX } from '@hamster/frame';

/** Whether the chain can store it as a balance. A bigint itself never wraps, so one check at the end of a sum is enough. */
export const isBalance = (value: bigint): boolean => value >= 0n && value <= U128_MAX;

/** Whether the chain can store it as a moment or a span in milliseconds. */
export const isMoment = (value: bigint): boolean => value >= 0n && value <= U64_MAX;
