import { type Context, GenesisError, type GenesisReader, passes } from '@hamster/frame';
import { fromHex } from '@hamster/crypto';

import { readParameters } from '../primitives/parameters.ts';
import { ensureFreshKeys, putValidator } from './access.ts';
import { areParametersSound, PUBLIC_PARAMETERS } from './parameters.ts';
import { Parameters, ValidatorInfo, Validators } from './storage.ts';
import { MAX_VALIDATORS } from './types.ts';

const readKey = (config: GenesisReader, name: string): Uint8Array => {
  const text = config.field(name).text();
  if (/^0x[0-9a-f]{64}$/i.test(text)) return fromHex(text);
  throw new GenesisError(`validators.validators[].${name}`, '32 bytes in hex', text);
};

const addValidator = (ctx: Context, entry: GenesisReader): void => {
  const who = entry.only('account', 'aura', 'grandpa').field('account').account();
  const keys = { aura: readKey(entry, 'aura'), grandpa: readKey(entry, 'grandpa') };
  const isNew = !ValidatorInfo.has(ctx, who) && Validators.get(ctx).length < MAX_VALIDATORS;
  if (!isNew)
    throw new GenesisError('validators.validators', `at most ${MAX_VALIDATORS}, each once`, undefined);
  if (!passes(() => ensureFreshKeys(ctx, who, keys)))
    throw entry.expected('a validator with keys of its own');
  putValidator(ctx, who, keys);
};

/** `{ parameters?: { … }, validators: [{ account, aura, grandpa }, …] }`; keys are 32 bytes in hex. */
export const genesis = (ctx: Context, config: GenesisReader): void => {
  const rules = { pallet: 'validators', defaults: PUBLIC_PARAMETERS, isSound: areParametersSound };
  Parameters.put(ctx, readParameters(config.only('parameters', 'validators'), rules));
  for (const entry of config.field('validators').list()) addValidator(ctx, entry);
};
