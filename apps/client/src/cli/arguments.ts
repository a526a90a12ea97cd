import { InvalidArgumentError } from 'commander';
import { parseHam } from '../format/money.ts';
import { parseGib, parseMib } from '../format/size.ts';

/** The largest number of cores, hours, MiB or GiB that the chain can write. */
const MOST = 2 ** 32 - 1;

/** A whole number from 1 on: ids. */
export function positive(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** How many: cores, hours. */
export function count(text: string): number {
  return possible(positive(text));
}

/** Memory in MiB. */
export function memorySize(text: string): number {
  return possible(parseMib(text) ?? refuse('It must be a size such as 2G or 512M; a plain number is GiB.'));
}

/** Disk in GiB. */
export function diskSize(text: string): number {
  return possible(parseGib(text) ?? refuse('It must be a size such as 20G; a plain number is GiB.'));
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

function possible(value: number): number {
  return value <= MOST ? value : refuse('There is no machine so large, and no lease so long.');
}

function refuse(reason: string): never {
  throw new InvalidArgumentError(reason);
}
