import { type CallCase, sudo } from '../case.ts';
import { parametersOf } from '../cast.ts';

const setParameters = (pallet: string): CallCase => {
  const name = `${pallet.charAt(0).toUpperCase()}${pallet.slice(1)}`;
  return {
    call: `${name}.set_parameters`,
    proof: `${pallet}.ParametersSet`,
    endless: true,
    make: (chain, cast) => sudo(chain, cast, `${name}.set_parameters`, parametersOf(pallet)),
  };
};

export const parameterCases: readonly CallCase[] = [
  'provider',
  'resourceOrder',
  'gateway',
  'arbitration',
  'validators',
].map(setParameters);
