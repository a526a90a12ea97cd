import { fixedBytes, Reader, struct, u32, u8, writeCompact, Writer } from '@hamster/scale';
import { hashBytes, hashText } from '../../hash.ts';
import { headerHash, readHeader } from '../../header-codec.ts';
import type { Hash, Header } from '../../header.ts';
import { malformed } from '../errors.ts';
import { reading } from './reading.ts';

/** What a node does, as it tells its peers: `sc_network_common::role::Roles`. */
export const ROLE_BITS = { full: 1, light: 2, authority: 4 } as const;

export type Role = keyof typeof ROLE_BITS;

export interface Handshake {
  readonly role: Role;
  readonly bestNumber: number;
  readonly bestHash: Hash;
  readonly genesisHash: Hash;
}

/** `BlockAnnouncesHandshake`. */
const HANDSHAKE = struct('', {
  roles: u8,
  bestNumber: u32,
  bestHash: fixedBytes(32),
  genesisHash: fixedBytes(32),
});

export const encodeHandshake = (handshake: Handshake): Uint8Array =>
  HANDSHAKE.encode({
    roles: ROLE_BITS[handshake.role],
    bestNumber: handshake.bestNumber,
    bestHash: hashBytes(handshake.bestHash),
    genesisHash: hashBytes(handshake.genesisHash),
  });

/** Throws PEER_MALFORMED. */
export function decodeHandshake(bytes: Uint8Array): Handshake {
  const { roles, bestNumber, bestHash, genesisHash } = reading('a handshake', () => HANDSHAKE.decode(bytes));
  return {
    role: roleOf(roles),
    bestNumber,
    bestHash: hashText(bestHash),
    genesisHash: hashText(genesisHash),
  };
}

function roleOf(bits: number): Role {
  if (bits & ROLE_BITS.authority) return 'authority';
  if (bits & ROLE_BITS.full) return 'full';
  if (bits & ROLE_BITS.light) return 'light';
  throw malformed(`a handshake with role ${bits}`);
}

export interface Announcement {
  readonly header: Header;
  readonly hash: Hash;
  readonly isBest: boolean;
}

const NORMAL = 0;
const BEST = 1;

/** `BlockAnnounce`: the header, whether it is the best one, and no data. */
export function encodeAnnouncement(encodedHeader: Uint8Array, isBest: boolean): Uint8Array {
  const writer = new Writer(encodedHeader.length + 2);
  writer.raw(encodedHeader);
  writer.u8(isBest ? BEST : NORMAL);
  writeCompact(writer, 0);
  return writer.finish();
}

/** Throws PEER_MALFORMED. */
export function decodeAnnouncement(bytes: Uint8Array): Announcement {
  return reading('an announcement', () => {
    const reader = new Reader(bytes);
    const header = readHeader(reader, bytes);
    const hash = headerHash(bytes.subarray(0, reader.offset));
    // As Substrate reads it: what follows may be left out.
    return { header, hash, isBest: reader.remaining > 0 && reader.u8() === BEST };
  });
}
