/** Programs share one connection and are told apart by these numbers. */
export const PROGRAM = { remote: 0x20008086, qemu: 0x20008087, keepalive: 0x6b656570 } as const;

export const MESSAGE = { call: 0, reply: 1, event: 2, stream: 3 } as const;
export const STATUS = { ok: 0, error: 1, continue: 2 } as const;

export type Packet = {
  program: number;
  procedure: number;
  type: number;
  /** Joins a reply or a stream's data to its call. */
  serial: number;
  status: number;
  body: Buffer;
};

const VERSION = 1;
export const HEADER_LENGTH = 28;
/** VIR_NET_MESSAGE_MAX and its length word. */
export const MAX_PACKET_LENGTH = 32 * 1024 * 1024 + 28;

/** u32 length of all | program | version | procedure | type | serial | status | body */
export function encodePacket(packet: Packet): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(HEADER_LENGTH + packet.body.length, 0);
  header.writeUInt32BE(packet.program, 4);
  header.writeUInt32BE(VERSION, 8);
  header.writeInt32BE(packet.procedure, 12);
  header.writeUInt32BE(packet.type, 16);
  header.writeUInt32BE(packet.serial, 20);
  header.writeUInt32BE(packet.status, 24);
  return Buffer.concat([header, packet.body]);
}

/** `bytes` is one whole packet. */
export function decodePacket(bytes: Buffer): Packet {
  return {
    program: bytes.readUInt32BE(4),
    procedure: bytes.readInt32BE(12),
    type: bytes.readUInt32BE(16),
    serial: bytes.readUInt32BE(20),
    status: bytes.readUInt32BE(24),
    body: bytes.subarray(HEADER_LENGTH),
  };
}
