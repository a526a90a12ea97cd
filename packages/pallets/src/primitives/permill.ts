import { portion } from '@hamster/frame';
import { newtype, u32 } from '@hamster/scale';

const MILLION = 1_000_000;

/** Parts of a million, as clients know it: they show 50_000 as 5 %. */
export const Permill = newtype('sp_arithmetic::per_things::Permill', u32);

export const isPermill = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= MILLION;

/** That part of `whole`, rounded down. */
export const permillOf = (part: number, whole: bigint): bigint =>
  portion(whole, BigInt(part), BigInt(MILLION));
