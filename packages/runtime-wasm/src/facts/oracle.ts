import { concatBytes, MemoryState, type Runtime, UnknownRuntimeApi, Weight } from '@hamster/frame';
import { option, struct, u128, u32, u8, vec } from '@hamster/scale';
import { RuntimeWasmError } from '../errors.ts';

/** What the runtime says of a call: its weight, its class (index in `DispatchClass`), and whether it pays. */
export interface CallInfo {
  readonly weight: Weight;
  readonly class: number;
  readonly pays: boolean;
}

const DispatchInfo = struct('RuntimeDispatchInfo', { weight: Weight, class: u8, fee: u128 });
const FeeDetails = struct('FeeDetails', {
  inclusion: option(struct('InclusionFee', { base: u128, length: u128, weight: u128 })),
  tip: u128,
});

/** Planck: for any extrinsic, for a byte, for a picosecond of `ref_time`. */
export interface FeeRates {
  readonly base: bigint;
  readonly perByte: bigint;
  readonly perRefTime: bigint;
}

/** The runtime as any client could ask it, on an empty state: its answers about itself depend on nothing else. */
export interface Oracle {
  ask(method: string, ...args: readonly Uint8Array[]): Uint8Array;
  has(method: string): boolean;
  metadataVersions(): readonly number[];
  /** Undefined when the runtime does not take these bytes for a call. */
  infoOf(call: Uint8Array): CallInfo | undefined;
  feeRates(anyCall: Uint8Array): FeeRates;
}

export const oracleOf = (runtime: Runtime): Oracle => {
  const ask = (method: string, ...args: readonly Uint8Array[]): Uint8Array =>
    runtime.call(new MemoryState(), method, concatBytes(...args));
  const ofLength = (call: Uint8Array, length: number) => concatBytes(call, u32.encode(length));
  return {
    ask,
    has: (method) => answers(() => ask(method)),
    metadataVersions: () => vec(u32).decode(ask('Metadata_metadata_versions')),
    infoOf(call) {
      try {
        const answer = ask('TransactionPaymentCallApi_query_call_info', ofLength(call, 0));
        const { weight, class: dispatchClass, fee } = DispatchInfo.decode(answer);
        return { weight, class: dispatchClass, pays: fee > 0n };
      } catch {
        return undefined;
      }
    },
    feeRates(anyCall) {
      const details = ask('TransactionPaymentCallApi_query_call_fee_details', ofLength(anyCall, 0));
      const fee = FeeDetails.decode(details).inclusion;
      if (!fee)
        throw new RuntimeWasmError('METADATA_INCOMPLETE', 'The first call of the runtime pays no fee');
      const api = 'TransactionPaymentApi';
      return {
        base: fee.base,
        perByte: u128.decode(ask(`${api}_query_length_to_fee`, u32.encode(1))),
        perRefTime: u128.decode(
          ask(`${api}_query_weight_to_fee`, Weight.encode({ ref_time: 1n, proof_size: 0n })),
        ),
      };
    },
  };
};

const answers = (attempt: () => unknown): boolean => {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof UnknownRuntimeApi) return false;
    throw error;
  }
};
