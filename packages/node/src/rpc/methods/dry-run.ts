import { toHex } from '@hamster/crypto';
import { Overlay } from '@hamster/state';
import { hashBytes } from '../../hash.ts';
import { stateAt } from '../blocks.ts';
import { cannotDryRun } from '../protocol/errors.ts';
import { alias, method, unsafe } from '../protocol/method.ts';
import { bytes, hash, optional } from '../protocol/params.ts';
import { runtimeFault } from '../runtime-calls.ts';

/**
 * What would become of an extrinsic if it were the first of the next block: the encoded `ApplyExtrinsicResult`. Nothing
 * of it is kept. Unsafe, since it costs as much as the opening of a block.
 */
export const system_dryRun = unsafe(
  method([bytes('extrinsic'), optional(hash('at'))], ({ backend }, extrinsic, at) => {
    const { hash: parent, state } = stateAt(backend, at);
    const { runtime } = backend;
    const overlay = new Overlay(state);
    try {
      const parentHash = hashBytes(parent);
      const number = (backend.header(parent)?.number ?? 0) + 1;
      runtime.initializeBlock(overlay, { parentHash, number, digest: [] });
      return toHex(runtime.call(overlay, 'BlockBuilder_apply_extrinsic', extrinsic));
    } catch (error) {
      throw cannotDryRun(runtimeFault(error));
    }
  }),
);

export const system_dryRunAt = alias(system_dryRun);
