import { at, bytes, compact, fixedBytes, type Infer, struct, u32, variant, vec } from '@hamster/scale';
import { H256 } from './account.ts';

const engineItem = [fixedBytes(4), bytes] as const;

export const DigestItem = variant('sp_runtime::generic::digest::DigestItem', {
  PreRuntime: at(6, engineItem),
  Consensus: at(4, engineItem),
  Seal: at(5, engineItem),
  Other: at(0, bytes),
  RuntimeEnvironmentUpdated: at(8, null),
});
export type DigestItem = Infer<typeof DigestItem>;

export const Digest = struct('sp_runtime::generic::digest::Digest', { logs: vec(DigestItem) });

/** Its hash, blake2b-256 of the encoding, is the block's hash. */
export const Header = struct('sp_runtime::generic::header::Header', {
  parent_hash: H256,
  number: compact(u32),
  state_root: H256,
  extrinsics_root: H256,
  digest: Digest,
});
export type Header = Infer<typeof Header>;
