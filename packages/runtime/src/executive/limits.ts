import {
  addWeights,
  type DispatchEventInfo,
  fitsIn,
  invalid,
  type Readable,
  type Weight,
} from '@hamster/frame';
import { AllExtrinsicsLen, BlockWeight, isMigrating, type WeightsPerClass } from '@hamster/pallets';
import { BLOCK_LENGTH, BLOCK_WEIGHTS } from '../constants.ts';

const CLASS_NAMES = { Normal: 'normal', Operational: 'operational', Mandatory: 'mandatory' } as const;

const limitsOf = (info: DispatchEventInfo): WeightsPerClass =>
  BLOCK_WEIGHTS.per_class[CLASS_NAMES[info.class.type]];

const maxLength = (info: DispatchEventInfo): number => BLOCK_LENGTH.max[CLASS_NAMES[info.class.type]];

const tooMuch = (what: string) => invalid('ExhaustsResources', what);

/** The call and what any extrinsic costs besides. */
export const totalWeight = (info: DispatchEventInfo): Weight =>
  addWeights(info.weight, limitsOf(info).base_extrinsic);

/** Whether it could be in any block at all. @throws InvalidTransaction ExhaustsResources */
export const ensureFitsAnyBlock = (info: DispatchEventInfo, length: number): void => {
  const { max_extrinsic: most } = limitsOf(info);
  if (most && !fitsIn(info.weight, most)) throw tooMuch('the call is too heavy for any block');
  if (length > maxLength(info)) throw tooMuch(`${length} bytes are too long for any block`);
};

/** Of a state in which not all has today's shape nothing is asked. @throws InvalidTransaction ExhaustsResources */
export const ensureNotMigrating = (at: Readable): void => {
  if (isMigrating(at)) throw tooMuch('the block has no weight left for it: the state is between two shapes');
};

/**
 * Whether the open block still has room. Mandatory extrinsics always have; urgent ones have what is reserved for them in a block
 * that is full. @throws InvalidTransaction ExhaustsResources
 */
export const ensureFitsBlock = (at: Readable, info: DispatchEventInfo, length: number): void => {
  if (info.class.type === 'Mandatory') return;
  const used = BlockWeight.get(at);
  const weight = totalWeight(info);
  const ofClass = addWeights(used[CLASS_NAMES[info.class.type]], weight);
  const ofAll = addWeights(addWeights(used.normal, used.operational), addWeights(used.mandatory, weight));
  const { max_total: most, reserved } = limitsOf(info);
  const isFull = !fitsIn(ofAll, BLOCK_WEIGHTS.max_block);
  const isBeyond = (limit: Weight | undefined): boolean => limit !== undefined && !fitsIn(ofClass, limit);
  if (isBeyond(most) || (isFull && isBeyond(reserved))) {
    throw tooMuch('the block has no weight left for it');
  }
  if ((AllExtrinsicsLen.get(at) ?? 0) + length > maxLength(info))
    throw tooMuch('the block has no bytes left for it');
};
