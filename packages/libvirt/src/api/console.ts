import { Duplex } from 'node:stream';
import { LibvirtConnectionError } from '../errors.ts';
import { PROCEDURE } from '../procedures.ts';
import type { CallOptions, Rpc, StreamHandle } from '../rpc/connection.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { writeDomain } from './references.ts';
import type { DomainRef } from './references.ts';

/** Take the console over from a client that left it open. */
const FORCE = 1;
/** The protocol has no way to hold the daemon back, so unread output is bounded here. */
const MAX_UNREAD = 1024 * 1024;
/** VIR_NET_MESSAGE_LEGACY_PAYLOAD_MAX, the most that every daemon takes at once. */
const MAX_CHUNK = 256 * 1024;

/**
 * The domain's first serial console as a stream. Ending it finishes it; destroying it aborts it. It fails with
 * `StreamOverflow` when the reader falls a megabyte behind.
 */
export async function openConsole(rpc: Rpc, domain: DomainRef, options?: CallOptions): Promise<Duplex> {
  const args = writeDomain(new XdrWriter(), domain).optionalString(undefined).u32(FORCE);
  const console = new ConsoleStream();
  const sink = {
    data: (chunk: Buffer) => console.receive(chunk),
    end: (error?: Error) => console.finished(error),
  };
  console.attach(await rpc.openStream({ procedure: PROCEDURE.domainOpenConsole, args }, sink, options));
  return console;
}

class ConsoleStream extends Duplex {
  #handle: StreamHandle | undefined;
  #early: (() => void)[] | undefined = [];

  attach(handle: StreamHandle): void {
    this.#handle = handle;
    // Data and errors may come in one packet with the reply, before anyone could listen to this stream.
    setImmediate(() => {
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const event of early) event();
    });
  }

  receive(chunk: Buffer): void {
    if (this.#early) return void this.#early.push(() => this.receive(chunk));
    if (this.destroyed) return;
    this.push(Buffer.from(chunk));
    if (this.readableLength <= MAX_UNREAD) return;
    this.destroy(
      new LibvirtConnectionError('StreamOverflow', `${MAX_UNREAD} bytes of console output are unread`),
    );
  }

  finished(error?: Error): void {
    if (this.#early) return void this.#early.push(() => this.finished(error));
    if (error) this.destroy(error);
    else this.push(null);
  }

  override _read(): void {
    // The daemon pushes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (let at = MAX_CHUNK; at < chunk.length; at += MAX_CHUNK) {
      this.#handle?.write(chunk.subarray(at - MAX_CHUNK, at), () => undefined);
    }
    const rest = chunk.length - (chunk.length % MAX_CHUNK || MAX_CHUNK);
    this.#handle?.write(chunk.subarray(rest), done);
  }

  override _final(done: () => void): void {
    this.#handle?.finish();
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#handle?.abort();
    done(error);
  }
}
