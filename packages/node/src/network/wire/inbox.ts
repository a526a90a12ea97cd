/** Bytes that came and were not read yet, in one piece of memory that grows with what really came. */
export class Inbox {
  #memory = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#memory.length) this.#makeRoom(bytes.length);
    this.#memory.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.#memory[this.#start + index] : undefined;
  }

  /** Takes out `length` bytes behind the first `skip`, which are dropped. The answer is the caller's own. */
  take(skip: number, length: number): Uint8Array {
    const from = this.#start + skip;
    this.#start = from + length;
    const taken = this.#memory.slice(from, this.#start);
    if (this.length === 0) this.#forget();
    return taken;
  }

  #makeRoom(more: number): void {
    const needed = this.length + more;
    const memory = new Uint8Array(needed * 2);
    memory.set(this.#memory.subarray(this.#start, this.#end));
    this.#memory = memory;
    this.#end = this.length;
    this.#start = 0;
  }

  #forget(): void {
    this.#memory = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }
}
