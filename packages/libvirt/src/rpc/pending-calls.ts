import { LibvirtConnectionError } from '../errors.ts';
import type { CallOptions } from './connection.ts';

type Entry = { resolve(body: Buffer): void; reject(error: Error): void; settle(): void };

const MAX_PENDING = 1024;
const LAST_SERIAL = 0xffffffff;

/** Calls that wait for their reply, by serial number. A reply that comes after the timeout finds nobody. */
export class PendingCalls {
  readonly #entries = new Map<number, Entry>();
  readonly #timeoutMs: number;
  #serial = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  add(procedure: number, { signal, timeoutMs }: CallOptions): { serial: number; reply: Promise<Buffer> } {
    signal?.throwIfAborted();
    if (this.#entries.size >= MAX_PENDING) {
      throw new LibvirtConnectionError('TooManyCalls', `${MAX_PENDING} calls to libvirt are unanswered`);
    }
    const serial = this.#nextSerial();
    const limit = timeoutMs ?? this.#timeoutMs;
    const reply = new Promise<Buffer>((resolve, reject) => {
      const abort = (): void => this.reject(serial, signal?.reason as Error);
      const timer = setTimeout(() => {
        const message = `libvirt did not answer procedure ${procedure} within ${limit} ms`;
        this.reject(serial, new LibvirtConnectionError('Timeout', message));
      }, limit);
      signal?.addEventListener('abort', abort, { once: true });
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      this.#entries.set(serial, { resolve, reject, settle });
    });
    return { serial, reply };
  }

  resolve(serial: number, body: Buffer): void {
    this.#remove(serial)?.resolve(body);
  }

  reject(serial: number, error: Error): void {
    this.#remove(serial)?.reject(error);
  }

  rejectAll(error: Error): void {
    for (const serial of [...this.#entries.keys()]) this.reject(serial, error);
  }

  #remove(serial: number): Entry | undefined {
    const entry = this.#entries.get(serial);
    this.#entries.delete(serial);
    entry?.settle();
    return entry;
  }

  #nextSerial(): number {
    this.#serial = this.#serial === LAST_SERIAL ? 1 : this.#serial + 1;
    return this.#serial;
  }
}
