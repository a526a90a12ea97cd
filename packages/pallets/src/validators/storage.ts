import { AccountId, blake2_128Concat, palletStorage } from '@hamster/frame';
import { u128 } from '@hamster/scale';

import { Era as EraType, FIRST_ERA } from '../primitives/era.ts';
import { PUBLIC_PARAMETERS } from './parameters.ts';
import { Parameters as ParametersType, Validator, ValidatorSet } from './types.ts';

const { value, map } = palletStorage('Validators');

export const Parameters = value('Parameters', {
  type: ParametersType,
  default: PUBLIC_PARAMETERS,
  docs: ['The numbers of the rules; root may change them.'],
});

export const Validators = value('Validators', {
  type: ValidatorSet,
  default: [],
  docs: ['The validators, in the order in which they came. A dispute that is opened now is decided by them.'],
});

export const ValidatorInfo = map('ValidatorInfo', {
  key: blake2_128Concat(AccountId),
  type: Validator,
  docs: ['Keys and record of each validator.'],
});

export const Era = value('Era', {
  type: EraType,
  default: FIRST_ERA,
  docs: ['The era that runs, and when it ends.'],
});

export const Rewards = map('Rewards', {
  key: blake2_128Concat(AccountId),
  type: u128,
  default: 0n,
  docs: ['What a validator, present or former, has earned and not claimed yet.'],
});

export const Committed = value('Committed', {
  type: u128,
  default: 0n,
  docs: ['How much of the pot belongs to rewards that wait to be claimed.'],
});
