import { LibvirtConnectionError } from '../errors.ts';
import { decodePacket, HEADER_LENGTH, MAX_PACKET_LENGTH } from './packet.ts';
import type { Packet } from './packet.ts';

/** Cuts a stream of bytes into packets. Holds at most one unfinished packet; throws `Protocol` on bad lengths. */
export class PacketSplitter {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = 4;

  push(chunk: Buffer): Packet[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const packets: Packet[] = [];
    // Chunks are only joined when they complete something, so a large packet is copied once.
    while (this.#held >= this.#wanted) {
      const bytes = Buffer.concat(this.#chunks);
      const length = checkedLength(bytes.readUInt32BE(0));
      if (bytes.length >= length) packets.push(decodePacket(bytes.subarray(0, length)));
      this.#keep(bytes.length >= length ? bytes.subarray(length) : bytes);
      this.#wanted = bytes.length >= length ? 4 : length;
    }
    return packets;
  }

  #keep(bytes: Buffer): void {
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#held = bytes.length;
  }
}

function checkedLength(length: number): number {
  if (length >= HEADER_LENGTH && length <= MAX_PACKET_LENGTH) return length;
  throw new LibvirtConnectionError('Protocol', `libvirt announced a packet of ${length} bytes`);
}
