import { GenesisError, type GenesisReader } from '@hamster/frame';

import { isBalance } from './arithmetic.ts';

const MAX_COUNT = 2 ** 32 - 1;

type Numbers = Readonly<Record<string, bigint | number>>;

export interface ParameterRules<T extends Numbers> {
  /** The pallet's name in the configuration. */
  readonly pallet: string;
  /** Values of what the configuration leaves out. */
  readonly defaults: T;
  isSound(parameters: T): boolean;
}

/** Counts are u32 and all else is a u64 or a u128, which calls have from their types. The rules themselves bound what is a time. */
const isStorable = (value: bigint | number): boolean =>
  typeof value === 'bigint' ? isBalance(value) : value >= 0 && value <= MAX_COUNT;

const areSound = <T extends Numbers>(parameters: T, { isSound }: ParameterRules<T>): boolean =>
  Object.values(parameters).every(isStorable) && isSound(parameters);

/** The first parameter without which the others would do. */
const culpritOf = <T extends Numbers>(parameters: T, rules: ParameterRules<T>): string | undefined =>
  Object.entries(rules.defaults).find(
    ([name, fallback]) =>
      parameters[name] !== fallback && areSound({ ...parameters, [name]: fallback }, rules),
  )?.[0];

/** A pallet's parameters from its part of the genesis configuration. @throws GenesisError */
export const readParameters = <T extends Numbers>(config: GenesisReader, rules: ParameterRules<T>): T => {
  const parameters = config.field('parameters').overlay(rules.defaults);
  if (areSound(parameters, rules)) return parameters;
  const place = `${rules.pallet}.parameters`;
  const culprit = culpritOf(parameters, rules);
  if (culprit !== undefined) {
    const wanted = 'a number that the rules can work with, given the others';
    throw new GenesisError(`${place}.${culprit}`, wanted, parameters[culprit]);
  }
  const given = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  throw new GenesisError(place, 'numbers that the rules can work with', given.join(', '));
};
