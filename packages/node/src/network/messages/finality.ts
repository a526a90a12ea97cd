import { fixedBytes, Reader, struct, u32, u64, u8, vec, Writer } from '@hamster/scale';
import { hashText } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { reading } from './reading.ts';

/** `GossipMessage` of GRANDPA, as far as it is spoken here: nobody votes by gossip. */
const MESSAGE = { commit: 1, neighbor: 2 } as const;
/** `VersionedNeighborPacket::V1`. */
const NEIGHBOR_V1 = 1;

/** How far somebody's view of finality is. */
export interface Neighbor {
  readonly round: bigint;
  readonly setId: bigint;
  readonly finalizedNumber: number;
}

const NEIGHBOR = struct('', {
  kind: u8,
  version: u8,
  round: u64,
  setId: u64,
  finalizedNumber: u32,
});

export const encodeNeighbor = (neighbor: Neighbor): Uint8Array =>
  NEIGHBOR.encode({ kind: MESSAGE.neighbor, version: NEIGHBOR_V1, ...neighbor });

/** The part of `GrandpaJustification` in front of the headers that lead to the votes. */
const JUSTIFICATION = {
  round: u64,
  targetHash: fixedBytes(32),
  targetNumber: u32,
  precommits: vec(
    struct('', { hash: fixedBytes(32), number: u32, signature: fixedBytes(64), id: fixedBytes(32) }),
  ),
};
const COMMIT_HEAD = struct('', JUSTIFICATION);
const PRECOMMITS = vec(struct('', { hash: fixedBytes(32), number: u32 }));
const AUTH_DATA = vec(struct('', { signature: fixedBytes(64), id: fixedBytes(32) }));

export const roundOf = (justification: Uint8Array): bigint => u64.decode(justification.subarray(0, 8));

/** `FullCommitMessage`: what a justification says, as gossip. */
export function encodeCommit(justification: Uint8Array, setId: bigint): Uint8Array {
  const { round, targetHash, targetNumber, precommits } = COMMIT_HEAD.decodeFrom(new Reader(justification));
  const writer = new Writer(256);
  writer.u8(MESSAGE.commit);
  writer.u64(round);
  writer.u64(setId);
  writer.raw(targetHash);
  writer.u32(targetNumber);
  PRECOMMITS.encodeInto(writer, precommits);
  AUTH_DATA.encodeInto(writer, precommits);
  return writer.finish();
}

export type FinalityMessage =
  | { readonly type: 'commit'; readonly target: Hash; readonly targetNumber: number }
  | { readonly type: 'neighbor'; readonly neighbor: Neighbor }
  /** Votes and requests to catch up, which are left alone. */
  | { readonly type: 'other' };

/** Throws PEER_MALFORMED. */
export function decodeFinalityMessage(message: Uint8Array): FinalityMessage {
  return reading('a finality message', () => {
    const reader = new Reader(message);
    const kind = reader.u8();
    if (kind === MESSAGE.neighbor) return { type: 'neighbor', neighbor: NEIGHBOR.decode(message) };
    if (kind !== MESSAGE.commit) return { type: 'other' };
    reader.raw(16);
    return { type: 'commit', target: hashText(reader.raw(32)), targetNumber: reader.u32() };
  });
}
