import { PeerError } from '../errors.ts';

/** What one end of a lane tells the other: a byte for the kind, four for the length of the body, the body. */
const KIND = { switch: 1, data: 2, finish: 3, received: 4 } as const;
const HEADER = 5;
const OFFSET_BYTES = 8;

export interface FrameHandler {
  /** After so many bytes on the stream, the other end goes on here. */
  onSwitch(offset: number): void;
  onData(bytes: Buffer): void;
  /** The other end has said all. */
  onFinish(): void;
  /** The other end has got all that we said. */
  onReceived(): void;
}

export function dataHeader(length: number): Buffer {
  const header = Buffer.alloc(HEADER);
  header[0] = KIND.data;
  header.writeUInt32BE(length, 1);
  return header;
}

export function switchFrame(offset: number): Buffer {
  const frame = Buffer.alloc(HEADER + OFFSET_BYTES);
  frame[0] = KIND.switch;
  frame.writeUInt32BE(OFFSET_BYTES, 1);
  frame.writeBigUInt64BE(BigInt(offset), HEADER);
  return frame;
}

export function bareFrame(kind: 'finish' | 'received'): Buffer {
  return Buffer.from([KIND[kind], 0, 0, 0, 0]);
}

/** Takes frames apart that come in pieces of any size; data is handed on as it comes, without a copy. */
export class FrameReader {
  readonly #handler: FrameHandler;
  /** The beginning of a frame, as far as it is here. */
  #head: Buffer = Buffer.alloc(0);
  /** Of the body of a data frame, bytes that are to come. */
  #left = 0;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** Reads until `mayGoOn` says no, and returns what is unread then. Throws PeerError MESSAGE_MALFORMED. */
  read(bytes: Buffer, mayGoOn: () => boolean): Buffer {
    let rest = bytes;
    while (rest.length > 0 && mayGoOn()) rest = this.#left > 0 ? this.#body(rest) : this.#frame(rest);
    return rest;
  }

  #body(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    this.#handler.onData(part);
    return bytes.subarray(part.length);
  }

  #frame(bytes: Buffer): Buffer {
    const before = this.#head.length;
    const head = before > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    const needed = head[0] === KIND.switch ? HEADER + OFFSET_BYTES : HEADER;
    if (head.length < needed) {
      this.#head = head;
      return bytes.subarray(bytes.length);
    }
    this.#head = Buffer.alloc(0);
    this.#tell(head);
    return bytes.subarray(needed - before);
  }

  #tell(head: Buffer): void {
    const length = head.readUInt32BE(1);
    const kind = head[0];
    if (kind === KIND.data && length > 0) this.#left = length;
    else if (kind === KIND.switch && length === OFFSET_BYTES) this.#handler.onSwitch(offsetIn(head));
    else if (kind === KIND.finish && length === 0) this.#handler.onFinish();
    else if (kind === KIND.received && length === 0) this.#handler.onReceived();
    else
      throw new PeerError(
        'MESSAGE_MALFORMED',
        `A lane brought something of a kind ${kind} that has no meaning`,
      );
  }
}

function offsetIn(head: Buffer): number {
  return Number(head.readBigUInt64BE(HEADER));
}
