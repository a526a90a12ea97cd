/** What the bytes of an extrinsic may come to. */
export interface DecodeLimits {
  /** Items of all lists in it together. */
  readonly maxItems: number;
}

/**
 * Of a transaction for which nobody has paid yet, nor signed as far as is known: a list of a million empty texts is a megabyte, and a
 * hundred times as much once it is decoded. No block has the weight for half of so many items in calls that succeed.
 */
export const TRANSACTION_LIMITS: DecodeLimits = { maxItems: 2 ** 17 };
