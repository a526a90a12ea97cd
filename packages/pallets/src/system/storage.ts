import {
  AccountId,
  blake2_128Concat,
  Digest,
  eventRecord,
  H256,
  NO_WEIGHT,
  palletStorage,
  twox64Concat,
} from '@hamster/frame';
import { type AnyType, bool, u32, vec } from '@hamster/scale';
import { EMPTY_ACCOUNT_DATA } from '../primitives/account-data.ts';
import { AccountInfo, ConsumedWeight, LastRuntimeUpgradeInfo } from './types.ts';

const { value, map } = palletStorage('System');

export const NO_ACCOUNT: AccountInfo = {
  nonce: 0,
  consumers: 0,
  providers: 0,
  sufficients: 0,
  data: EMPTY_ACCOUNT_DATA,
};

const NO_HASH = new Uint8Array(32);

export const Account = map('Account', {
  key: blake2_128Concat(AccountId),
  type: AccountInfo,
  default: NO_ACCOUNT,
  docs: ['The full account information for a particular account ID.'],
});

export const ExtrinsicCount = value('ExtrinsicCount', {
  type: u32,
  docs: ['Total extrinsics count for the current block.'],
});

export const InherentsApplied = value('InherentsApplied', {
  type: bool,
  default: false,
  docs: ['Whether all inherents have been applied.'],
});

export const BlockWeight = value('BlockWeight', {
  type: ConsumedWeight,
  default: { normal: NO_WEIGHT, operational: NO_WEIGHT, mandatory: NO_WEIGHT },
  docs: ['The current weight for the block.'],
});

export const AllExtrinsicsLen = value('AllExtrinsicsLen', {
  type: u32,
  docs: ['Total length (in bytes) for all extrinsics put together, for the current block.'],
});

export const BlockHash = map('BlockHash', {
  key: twox64Concat(u32),
  type: H256,
  default: NO_HASH,
  docs: ['Map of block numbers to block hashes.'],
});

export const BlockNumber = value('Number', {
  type: u32,
  default: 0,
  docs: ['The current block number being processed. Set by `execute_block`.'],
});

export const ParentHash = value('ParentHash', {
  type: H256,
  default: NO_HASH,
  docs: ['Hash of the previous block.'],
});

export const BlockDigest = value('Digest', {
  type: Digest,
  default: { logs: [] },
  docs: ['Digest of the current block, also part of the block header.'],
});

export const LastRuntimeUpgrade = value('LastRuntimeUpgrade', {
  type: LastRuntimeUpgradeInfo,
  docs: ['Stores the `spec_version` and `spec_name` of when the last runtime upgrade happened.'],
});

/** The block's events; needs the runtime's event type. Written when the block closes. */
export const blockEvents = (event: AnyType) =>
  value('Events', {
    type: vec(eventRecord(event)),
    default: [],
    docs: ['Events deposited for the current block.'],
  });
