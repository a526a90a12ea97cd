export { accountStore } from './account-store.ts';
export { incrementNonce, livingNonceOf, nonceOf, writeAccount } from './accounts.ts';
export type { AccountState } from './accounts.ts';
export {
  BLOCK_HASH_COUNT,
  chargeMandatory,
  closeBlock,
  depositLog,
  enterExtrinsic,
  enterFinalization,
  enterHooks,
  noteExtrinsic,
  openBlock,
} from './block.ts';
export type { SystemConfig } from './config.ts';
export { events as systemEvents } from './events.ts';
export { systemPallet } from './pallet.ts';
export {
  Account,
  AllExtrinsicsLen,
  BlockDigest,
  BlockHash,
  BlockNumber,
  BlockWeight,
  InherentsApplied,
  LastRuntimeUpgrade,
  ParentHash,
} from './storage.ts';
export { RuntimeVersionType } from './types.ts';
export type { AccountInfo, BlockLength, BlockWeights, ConsumedWeight, WeightsPerClass } from './types.ts';
export { encodableVersion } from './version.ts';
