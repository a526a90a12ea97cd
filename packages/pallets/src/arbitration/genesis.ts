import type { Context, GenesisReader } from '@hamster/frame';

import { readParameters } from '../primitives/parameters.ts';
import { areParametersSound, PUBLIC_PARAMETERS } from './parameters.ts';
import { Parameters } from './storage.ts';

/** `{ parameters?: { … } }`: what is left out is as on a public network. */
export const genesis = (ctx: Context, config: GenesisReader): void => {
  const rules = { pallet: 'arbitration', defaults: PUBLIC_PARAMETERS, isSound: areParametersSound };
  Parameters.put(ctx, readParameters(config.only('parameters'), rules));
};
