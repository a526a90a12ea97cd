import { InvalidArgumentError } from 'commander';
import { parseHam } from '../format/money.ts';
import { parseGib, parseMib } from '../format/size.ts';

/** A whole number from 1 on: ids, cores, hours. */
export function positive(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** Memory in MiB. */
export function memorySize(text: string): number {
  return parseMib(text) ?? refuse('It must be a size such as 2G or 512M; a plain number is GiB.');
}

/** Disk in GiB. */
export function diskSize(text: string): number {
  return parseGib(text) ?? refuse('It must be a size such as 20G; a plain number is GiB.');
}

/** An amount in HAM, as planck. */
export function money(text: string): bigint {
  return parseHam(text) ?? refuse('It must be an amount in HAM such as 0.25.');
}

/** A TCP port, 1 to 65535. */
export function port(text: string): number {
  const value = positive(text);
  return value <= 65_535 ? value : refuse('A port is a number from 1 to 65535.');
}

function refuse(reason: string): never {
  throw new InvalidArgumentError(reason);
}
