import { ScaleError } from '@hamster/scale';
import { NodeError } from '../../errors.ts';
import { malformed } from '../errors.ts';

/** Runs a decoder over a peer's bytes. Throws PEER_MALFORMED for what it cannot read. */
export function reading<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ScaleError || error instanceof NodeError) {
      throw malformed(`${what}: ${error.message}`, error);
    }
    throw error;
  }
}
