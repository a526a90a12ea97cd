import { writeCompact, Writer } from '@hamster/scale';

/** A block that ends a set of authorities, or the newest final one, with the proof that it is final. SCALE encoded both. */
export interface WarpFragment {
  readonly header: Uint8Array;
  readonly justification: Uint8Array;
}

export interface WarpProof {
  readonly fragments: readonly WarpFragment[];
  /** False when there is more to ask for behind the last fragment. */
  readonly isFinished: boolean;
}

/** `sc_consensus_grandpa::warp_proof::WarpSyncProof`. */
export function encodeWarpProof({ fragments, isFinished }: WarpProof): Uint8Array {
  const writer = new Writer(1024);
  writeCompact(writer, fragments.length);
  for (const { header, justification } of fragments) {
    writer.raw(header);
    writer.raw(justification);
  }
  writer.u8(isFinished ? 1 : 0);
  return writer.finish();
}
