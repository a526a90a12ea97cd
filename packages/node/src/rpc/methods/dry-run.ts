import { toHex } from '@hamster/crypto';
import { dryRun } from '../../execution/dry-run.ts';
import { stateAt } from '../blocks.ts';
import { cannotDryRun } from '../protocol/errors.ts';
import { alias, method, unsafe } from '../protocol/method.ts';
import { bytes, hash, optional } from '../protocol/params.ts';
import { runtimeFault } from '../runtime-calls.ts';

/** Unsafe, since it costs as much as the opening of a block. */
export const system_dryRun = unsafe(
  method([bytes('extrinsic'), optional(hash('at'))], ({ backend }, extrinsic, at) => {
    const parent = stateAt(backend, at);
    const { number } = backend.header(parent.hash) ?? backend.best();
    try {
      return toHex(dryRun(backend.runtime, { ...parent, number }, extrinsic));
    } catch (error) {
      throw cannotDryRun(runtimeFault(error));
    }
  }),
);

export const system_dryRunAt = alias(system_dryRun);
