import { type ExtrinsicDefinition, MultiAddress, MultiSignature, type RuntimeCall } from '@hamster/frame';
import { type AnyType, bytes, newtype, type Type } from '@hamster/scale';
import { EXTENSIONS, ExtraType } from './extensions.ts';

/** The whole extrinsic, length prefix included. A runtime API that takes one gets these bytes. */
export const uncheckedExtrinsic = (call: Type<RuntimeCall>): Type<Uint8Array> =>
  newtype('sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic', bytes, {
    params: { Address: MultiAddress, Call: call as AnyType, Signature: MultiSignature, Extra: ExtraType },
  });

export const extrinsicDefinition = (type: AnyType): ExtrinsicDefinition => ({
  version: 4,
  type,
  address: MultiAddress,
  signature: MultiSignature,
  extra: ExtraType,
  extensions: EXTENSIONS,
});
