import { GenesisError, type GenesisReader } from '@hamster/frame';

type Numbers = Readonly<Record<string, bigint | number>>;

export interface ParameterRules<T extends Numbers> {
  /** The pallet's name in the configuration. */
  readonly pallet: string;
  /** Values of what the configuration leaves out. */
  readonly defaults: T;
  isSound(parameters: T): boolean;
}

/** A pallet's parameters from its part of the genesis configuration. @throws GenesisError */
export const readParameters = <T extends Numbers>(config: GenesisReader, rules: ParameterRules<T>): T => {
  const parameters = config.field('parameters').overlay(rules.defaults);
  if (rules.isSound(parameters)) return parameters;
  const given = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  throw new GenesisError(
    `${rules.pallet}.parameters`,
    'numbers that the rules can work with',
    given.join(', '),
  );
};
