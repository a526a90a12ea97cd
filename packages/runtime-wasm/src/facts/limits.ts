import { Weight } from '@hamster/frame';
import { option, struct, u128, u32 } from '@hamster/scale';
import { constantOf, type MetadataFacts } from './metadata.ts';

const perClass = <T>(type: T) => ({ normal: type, operational: type, mandatory: type });

const ClassWeights = struct('frame_system::limits::WeightsPerClass', {
  baseExtrinsic: Weight,
  maxExtrinsic: option(Weight),
  maxTotal: option(Weight),
  reserved: option(Weight),
});

const Weights = struct('frame_system::limits::BlockWeights', {
  baseBlock: Weight,
  maxBlock: Weight,
  perClass: struct('frame_support::dispatch::PerDispatchClass', perClass(ClassWeights)),
});

const Lengths = struct('frame_system::limits::BlockLength', {
  max: struct('frame_support::dispatch::PerDispatchClass', perClass(u32)),
});

export interface ClassLimits {
  readonly baseExtrinsic: Weight;
  readonly maxExtrinsic: Weight | undefined;
  /** In bytes. */
  readonly maxLength: number;
}

export interface Limits {
  readonly maxBlock: Weight;
  readonly normal: ClassLimits;
  /** In planck. */
  readonly existentialDeposit: bigint;
}

export const readLimits = (metadata: MetadataFacts): Limits => {
  const weights = Weights.decode(constantOf(metadata, 'System', 'BlockWeights'));
  const lengths = Lengths.decode(constantOf(metadata, 'System', 'BlockLength'));
  return {
    maxBlock: weights.maxBlock,
    normal: { ...weights.perClass.normal, maxLength: lengths.max.normal },
    existentialDeposit: u128.decode(constantOf(metadata, 'Balances', 'ExistentialDeposit')),
  };
};
