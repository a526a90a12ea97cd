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

/** A pallet's parameters from its part of the genesis configuration. @throws GenesisError */
export const readParameters = <T extends Numbers>(config: GenesisReader, rules: ParameterRules<T>): T => {
  const parameters = config.field('parameters').overlay(rules.defaults);
  if (Object.values(parameters).every(isStorable) && rules.isSound(parameters)) return parameters;
  const given = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  throw new GenesisError(
    `${rules.pallet}.parameters`,
    'numbers that the rules can work with',
    given.join(', '),
  );
};
