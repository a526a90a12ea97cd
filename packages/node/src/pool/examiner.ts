import type { SignatureClaim } from '@hamster/crypto';
import { InvalidTransaction, type DecodedExtrinsic, type Runtime } from '@hamster/frame';
import type { Logger } from '../logger.ts';
import type { BestState } from './best-state.ts';
import { badFormat, refusal, runtimeFailed, type PoolError } from './errors.ts';
import { toValidity, type Validity } from './transaction.ts';

export interface ExaminerParts {
  readonly runtime: Runtime;
  readonly best: BestState;
  readonly logger: Logger;
}

const VERIFIED = { signatureValid: true, source: 'External' } as const;

/** Asks the runtime what an extrinsic is worth, and puts every refusal into the words of the pool. */
export class Examiner {
  readonly #parts: ExaminerParts;

  constructor(parts: ExaminerParts) {
    this.#parts = parts;
  }

  /** Throws PoolError BAD_FORMAT. */
  decode(bytes: Uint8Array): DecodedExtrinsic {
    try {
      return this.#parts.runtime.decodeExtrinsic(bytes);
    } catch (error) {
      if (error instanceof InvalidTransaction) throw badFormat(error.message);
      throw this.#broken(error);
    }
  }

  /** What has to be verified of its signature; undefined for an extrinsic that needs none. Throws PoolError. */
  claimOf(extrinsic: DecodedExtrinsic): SignatureClaim | undefined {
    const { runtime, best } = this.#parts;
    try {
      return runtime.check(best.begin().state, extrinsic);
    } catch (error) {
      throw this.#inWords(error);
    } finally {
      best.end();
    }
  }

  /** Whether an extrinsic with a good signature may be in the next blocks. Throws PoolError. */
  validate(extrinsic: DecodedExtrinsic): Validity {
    const { runtime, best } = this.#parts;
    try {
      const { state, number } = best.begin();
      return toValidity(runtime.validate(state, extrinsic, VERIFIED), number);
    } catch (error) {
      throw this.#inWords(error);
    } finally {
      best.end();
    }
  }

  #inWords(error: unknown): PoolError {
    return error instanceof InvalidTransaction ? refusal(error) : this.#broken(error);
  }

  #broken(error: unknown): PoolError {
    this.#parts.logger.error({ err: error }, 'The runtime failed while it examined an extrinsic');
    return runtimeFailed();
  }
}
