import { isDiscarded } from '../discarded.ts';
import { blockExecutionFailed } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { hash } from '../protocol/params.ts';

/** What it takes to execute a block knowing only its parent's state root; null for one that cannot be executed again, such as one of rules that are here no more. */
export const dev_getBlockStats = unsafe(
  method([hash('blockHash')], async ({ backend, log }, block) => {
    try {
      return await backend.blockStats(block);
    } catch (error) {
      if (isDiscarded(error)) return null;
      log.error({ err: error, block }, 'A block could not be executed again');
      throw blockExecutionFailed();
    }
  }),
);
