import { decodeAddress } from '#polkadot/util-crypto';
import { ChainError } from '../errors.ts';

const ACCOUNT_BYTES = 32;

/** The address, SS58 or hex, if it names an account. Throws ChainError `ADDRESS_INVALID`. */
export function checkedAddress(text: string): string {
  try {
    if (decodeAddress(text).length === ACCOUNT_BYTES) return text;
  } catch {
    // Said below.
  }
  throw new ChainError('ADDRESS_INVALID', `"${text.slice(0, 80)}" is no address of an account.`);
}
