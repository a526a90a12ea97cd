import { bytes, fixedBytes, type Infer, newtype, unit, variant } from '@hamster/scale';
import { compactUnit } from './compact-unit.ts';

/** 32 bytes. */
export const AccountId = newtype('sp_core::crypto::AccountId32', fixedBytes(32));
export type AccountId = Infer<typeof AccountId>;

export const H256 = newtype('primitive_types::H256', fixedBytes(32));

/** Accounts have no indexes here, so `Index` carries nothing. */
export const MultiAddress = variant(
  'sp_runtime::multiaddress::MultiAddress',
  { Id: AccountId, Index: compactUnit, Raw: bytes, Address32: fixedBytes(32), Address20: fixedBytes(20) },
  { params: { AccountId, AccountIndex: unit } },
);
export type MultiAddress = Infer<typeof MultiAddress>;

export const MultiSignature = variant('sp_runtime::MultiSignature', {
  Ed25519: fixedBytes(64),
  Sr25519: fixedBytes(64),
  Ecdsa: fixedBytes(65),
});
export type MultiSignature = Infer<typeof MultiSignature>;
