import { fromHex } from '@hamster/crypto';
import type { RuntimeVersion } from '@hamster/frame';
import type { Infer } from '@hamster/scale';
import type { RuntimeVersionType } from './types.ts';

/** The version in the shape of its encoding. */
export const encodableVersion = (version: RuntimeVersion): Infer<typeof RuntimeVersionType> => ({
  spec_name: version.specName,
  impl_name: version.implName,
  authoring_version: version.authoringVersion,
  spec_version: version.specVersion,
  impl_version: version.implVersion,
  apis: version.apis.map(([id, number]) => [fromHex(id), number] as const),
  transaction_version: version.transactionVersion,
  system_version: version.stateVersion,
});
