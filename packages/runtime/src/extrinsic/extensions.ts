import { type ExtensionDefinition, H256 } from '@hamster/frame';
import {
  type AnyType,
  compact,
  fixedBytes,
  type Infer,
  newtype,
  option,
  struct,
  tuple,
  u128,
  u32,
  unit,
  variant,
} from '@hamster/scale';
import { Era } from './era.ts';

const MetadataHashMode = variant('frame_metadata_hash_extension::Mode', { Disabled: null, Enabled: null });

const extensionPath = (name: string, module: string): string =>
  `frame_system::extensions::${module}::${name}`;

/** An extension that sends nothing is an empty composite: clients then ask nobody for a value. */
const silent = (path: string): AnyType => struct(path, {});

const checkMortality = newtype(extensionPath('CheckMortality', 'check_mortality'), Era);
const checkNonce = newtype(extensionPath('CheckNonce', 'check_nonce'), compact(u32));
const chargePayment = newtype('pallet_transaction_payment::ChargeTransactionPayment', compact(u128));
const checkMetadataHash = struct('frame_metadata_hash_extension::CheckMetadataHash', {
  mode: MetadataHashMode,
});

const extension = (identifier: string, type: AnyType, additionalSigned: AnyType): ExtensionDefinition => ({
  identifier,
  type,
  additionalSigned,
});

export const EXTENSIONS: readonly ExtensionDefinition[] = [
  extension('CheckNonZeroSender', silent(extensionPath('CheckNonZeroSender', 'check_non_zero_sender')), unit),
  extension('CheckSpecVersion', silent(extensionPath('CheckSpecVersion', 'check_spec_version')), u32),
  extension('CheckTxVersion', silent(extensionPath('CheckTxVersion', 'check_tx_version')), u32),
  extension('CheckGenesis', silent(extensionPath('CheckGenesis', 'check_genesis')), H256),
  extension('CheckMortality', checkMortality, H256),
  extension('CheckNonce', checkNonce, unit),
  extension('CheckWeight', silent(extensionPath('CheckWeight', 'check_weight')), unit),
  extension('ChargeTransactionPayment', chargePayment, unit),
  extension('CheckMetadataHash', checkMetadataHash, option(fixedBytes(32))),
];

/** For metadata: all extensions as one type. */
export const ExtraType: AnyType = tuple(...EXTENSIONS.map(({ type }) => type));

/** The same bytes by name: what a signed extrinsic carries besides its call. */
export const Extra = struct('hamster_runtime::Extra', {
  era: Era,
  nonce: compact(u32),
  tip: compact(u128),
  metadataHash: MetadataHashMode,
});
export type Extra = Infer<typeof Extra>;

/** What both sides know and only sign. */
export const Additional = struct('hamster_runtime::Additional', {
  specVersion: u32,
  transactionVersion: u32,
  genesisHash: H256,
  birthHash: H256,
  metadataHash: option(fixedBytes(32)),
});
