import type { RuntimeVersion, StateReader } from '@hamster/frame';
import { LastRuntimeUpgrade } from '@hamster/pallets';

/** BLAKE2b-64 of each runtime API's name, and its version: clients look for them. Substrate's first, then our own. */
export const API_IDS = {
  Core: ['0xdf6acb689907609b', 5],
  Metadata: ['0x37e397fc7c91f5e4', 2],
  BlockBuilder: ['0x40fe3ad401f8959a', 6],
  TaggedTransactionQueue: ['0xd2bc9897eed08f15', 3],
  AccountNonceApi: ['0xbc9d89904f5b923f', 1],
  SessionKeys: ['0xab3c0572291feb8b', 1],
  TransactionPaymentApi: ['0x37c8bb1350a9a2a8', 4],
  TransactionPaymentCallApi: ['0xf3ff14d5ab527059', 3],
  RuntimeViewFunction: ['0xccd9de6396c899ca', 1],
  MarketApi: ['0x7681e51ce35012d3', 1],
  LeasesApi: ['0x37390f572686c301', 1],
  WithdrawableApi: ['0xda9606ec59023436', 1],
  AuraApi: ['0xdd718d5cc53262d4', 1],
  GrandpaApi: ['0xed99c5acb25eedf5', 3],
} as const;

/**
 * `transactionVersion` under each `specVersion` that chains have had: signers sign both. A change of the rules gets a new line
 * here, with a new number on its right when calls or extensions change their encoding.
 *
 * - 3: the authorities change; later also counted machines, standstills, prices ahead
 * - 4: refuses the states of 3
 * - 5: migrates them, and keeps storage versions; votes have their time back after a standstill; a pause costs what its hours cost;
 *   a fee that is given back brings no reaped account back to life; texts have no invisible characters
 * - 6: goes on with the states of 5 as they are; blocks keep room for reports; collateral grows with reports; orders are forgotten sooner;
 *   no `batch_all` inside of another; parameters have more bounds; calls and tasks weigh what they take
 * - 7: whoever signs the hash of the metadata is understood (`CheckMetadataHash` in mode 1)
 * - 8: an order also weighs what ends it; a lease lasts as long as was ordered, whatever an hour is by then; a gateway that lost all of its
 *   stake can leave; root does not end the pots; what a fee is made of ends with a tip
 * - 9: a transfer weighs less, since it takes less
 * - 10: hours served are those that were paid; a heartbeat tells of how many leases it is; a closed block leaves less behind; a transaction's nonce
 *   is looked at before its weight
 * - 11: a transfer weighs less again; hours that are added to a lease leave those before them at their price, whatever an hour is by then
 * - 12: what is in a block lists no more than what is to come into one; a lease that is silent when its end comes, or its dispute is over, is told of
 *   as suspended and not counted as served; maintenance takes no hour out of those served before a notice; a dropped gateway cools down
 *   whatever an earlier one has unbonded; a block knows one hash more of those before it; nobody extends a lease for a renter who is gone
 * - 13: metadata call the call inside of another one boxed, without which Rust that is generated from them does not compile
 */
const TRANSACTION_VERSIONS = {
  1: 1,
  2: 2,
  3: 2,
  4: 2,
  5: 2,
  6: 2,
  7: 2,
  8: 2,
  9: 2,
  10: 2,
  11: 2,
  12: 2,
  13: 2,
} as const;
const SPEC_VERSION = 13;

/** States from here on are brought into today's shape, in the block with which these rules begin. Up to 2 nobody marked such blocks. */
export const OLDEST_STATE = 3;

/**
 * From here on blocks are executed as their own rules did it. Older ones only by the releases of their time: leases are stored
 * otherwise since 5, money, storage and the room in a block go by other rules since 6, fees since 8, 9 and 11, a block
 * leaves less of itself since 10, and what an end or a verdict tells and counts is another since 12.
 */
export const OLDEST_RULES = 12;

export const VERSION: RuntimeVersion = {
  specName: 'hamster',
  implName: 'hamster-ts',
  authoringVersion: 1,
  specVersion: SPEC_VERSION,
  implVersion: 1,
  transactionVersion: TRANSACTION_VERSIONS[SPEC_VERSION],
  stateVersion: 1,
  apis: Object.values(API_IDS),
};

/** What rules that are called `version` by now were called when they made this state: `version` itself for one of its own. */
export const versionInForce = (version: RuntimeVersion, state: StateReader): RuntimeVersion => {
  const last = LastRuntimeUpgrade.get({ state });
  if (!last || last.spec_version === version.specVersion) return version;
  const known: Readonly<Record<number, number>> = TRANSACTION_VERSIONS;
  return {
    ...version,
    specName: last.spec_name,
    specVersion: last.spec_version,
    transactionVersion: known[last.spec_version] ?? version.transactionVersion,
  };
};
