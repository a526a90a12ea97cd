import { ChainError } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import { ApiError } from '@hamster/daemon-api';

/** What the chain refused or could not be asked, as an answer with its sentence. */
export async function refusedByChain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChainError)
      throw new ApiError(error.fault === 'user' ? 409 : 503, error.code, error.message, error);
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new ApiError(503, 'CHAIN_AWAY', `The chain did not answer in time: ${sentenceOf(error)}`, error);
    throw error;
  }
}
