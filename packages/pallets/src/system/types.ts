import { Weight } from '@hamster/frame';
import {
  compact,
  fixedBytes,
  type Infer,
  option,
  struct,
  text,
  tuple,
  type Type,
  u32,
  u64,
  u8,
  vec,
} from '@hamster/scale';
import { AccountData } from '../primitives/account-data.ts';

export const AccountInfo = struct(
  'frame_system::AccountInfo',
  { nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: AccountData },
  { params: { Nonce: u32, AccountData } },
);
export type AccountInfo = Infer<typeof AccountInfo>;

const perClass = <T>(type: Type<T>) =>
  struct(
    'frame_support::dispatch::PerDispatchClass',
    { normal: type, operational: type, mandatory: type },
    { params: { T: type } },
  );

export const ConsumedWeight = perClass(Weight);
export type ConsumedWeight = Infer<typeof ConsumedWeight>;

const WeightsPerClass = struct('frame_system::limits::WeightsPerClass', {
  base_extrinsic: Weight,
  max_extrinsic: option(Weight),
  max_total: option(Weight),
  reserved: option(Weight),
});
export type WeightsPerClass = Infer<typeof WeightsPerClass>;

export const BlockWeights = struct('frame_system::limits::BlockWeights', {
  base_block: Weight,
  max_block: Weight,
  per_class: perClass(WeightsPerClass),
});
export type BlockWeights = Infer<typeof BlockWeights>;

/** Bytes of extrinsics. */
export const BlockLength = struct('frame_system::limits::BlockLength', { max: perClass(u32) });
export type BlockLength = Infer<typeof BlockLength>;

export const RuntimeDbWeight = struct('sp_weights::RuntimeDbWeight', { read: u64, write: u64 });

export const RuntimeVersionType = struct('sp_version::RuntimeVersion', {
  spec_name: text,
  impl_name: text,
  authoring_version: u32,
  spec_version: u32,
  impl_version: u32,
  apis: vec(tuple(fixedBytes(8), u32)),
  transaction_version: u32,
  system_version: u8,
});

export const LastRuntimeUpgradeInfo = struct('frame_system::LastRuntimeUpgradeInfo', {
  spec_version: compact(u32),
  spec_name: text,
});
