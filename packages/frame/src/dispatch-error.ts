import type { DispatchFailure } from './failure.ts';
import type { PalletDefinition } from './pallet.ts';
import type { DispatchFailureInfo } from './runtime.ts';
import { DispatchError } from './types/dispatch.ts';

/** Between a failure in names and the numbers on the wire. */
export interface ErrorTable {
  encode(failure: DispatchFailure): DispatchError;
  explain(error: DispatchError): DispatchFailureInfo;
}

const moduleError = (
  pallets: readonly PalletDefinition[],
  palletName: string,
  name: string,
): DispatchError => {
  const pallet = pallets.find((candidate) => candidate.name === palletName);
  const position = pallet?.errors?.names.indexOf(name) ?? -1;
  if (!pallet || position < 0) return { type: 'Other' };
  return { type: 'Module', value: { index: pallet.index, error: Uint8Array.of(position, 0, 0, 0) } };
};

const encodeFault = (pallets: readonly PalletDefinition[], { fault }: DispatchFailure): DispatchError => {
  switch (fault.type) {
    case 'Module':
      return moduleError(pallets, fault.pallet, fault.name);
    case 'Token':
      return { type: 'Token', value: { type: fault.name } };
    case 'Arithmetic':
      return { type: 'Arithmetic', value: { type: fault.name } };
    case 'Encoded':
      return DispatchError.decode(fault.bytes);
    default:
      return { type: fault.type };
  }
};

const explainModule = (
  pallets: readonly PalletDefinition[],
  value: { readonly index: number; readonly error: Uint8Array },
): DispatchFailureInfo => {
  const pallet = pallets.find((candidate) => candidate.index === value.index);
  const name = pallet?.errors?.names[value.error[0] ?? 0];
  if (!pallet || !name)
    return { kind: 'Module', message: `Error ${value.error[0]} of pallet ${value.index}` };
  const message = `${pallet.name}.${name}: ${pallet.errors?.docs[name] ?? ''}`;
  return { kind: 'Module', pallet: pallet.name, name, message };
};

const explain = (pallets: readonly PalletDefinition[], error: DispatchError): DispatchFailureInfo => {
  if (error.type === 'Module') return explainModule(pallets, error.value);
  const inner = error.value?.type;
  return inner === undefined
    ? { kind: error.type, message: error.type }
    : { kind: error.type, name: inner, message: `${error.type}.${inner}` };
};

export const errorTable = (pallets: readonly PalletDefinition[]): ErrorTable => ({
  encode: (failure) => encodeFault(pallets, failure),
  explain: (error) => explain(pallets, error),
});
