const PAGE = 65_536;
/** Nothing lives at the lowest addresses, so that 0 can mean "nowhere". */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 8;

export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The static part of the linear memory; behind it the host's allocator has the rest. */
export class MemoryLayout {
  readonly segments: DataSegment[] = [];
  #next = FIRST_ADDRESS;

  /** Bytes that are there from the start; their address. */
  data(bytes: Uint8Array): number {
    const address = this.reserve(bytes.length);
    this.segments.push({ address, bytes });
    return address;
  }

  /** Zeros; their address. */
  reserve(length: number): number {
    const address = this.#next;
    this.#next = Math.ceil((address + length) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** `__heap_base`. */
  get end(): number {
    return this.#next;
  }

  get pages(): number {
    return Math.ceil(this.#next / PAGE) + 1;
  }
}
