import { LibvirtConnectionError } from '../errors.ts';
import { XdrReader } from '../xdr/reader.ts';
import type { XdrWriter } from '../xdr/writer.ts';
import { MESSAGE, PROGRAM, STATUS } from './packet.ts';
import type { Packet } from './packet.ts';
import { PendingCalls } from './pending-calls.ts';
import { decodeError } from './remote-error.ts';
import { dial } from './transport.ts';
import type { DialOptions, Transport } from './transport.ts';

export type CallOptions = { signal?: AbortSignal | undefined; timeoutMs?: number | undefined };

/** The other end of one stream; `end` without an error means the daemon finished it. */
export type StreamSink = { data(chunk: Buffer): void; end(error?: Error): void };

/** What is left of a stream's call once it was accepted. */
export type StreamHandle = { write(chunk: Buffer, flushed: () => void): void; finish(): void; abort(): void };

export type Request = { procedure: number; args: XdrWriter; program?: number };

export type EventListener = (reader: XdrReader) => void;

/** What the parts of the API work through. */
export type Rpc = Pick<RpcConnection, 'call' | 'openStream' | 'on' | 'onClose' | 'closed' | 'close'>;

type ConnectionOptions = DialOptions & { callTimeoutMs: number };

const PING = 1;
const PONG = 2;

/** Calls, streams and events over one connection. */
export class RpcConnection {
  readonly #pending: PendingCalls;
  readonly #streams = new Map<number, StreamSink>();
  readonly #listeners = new Map<number, Set<EventListener>>();
  readonly #closeListeners = new Set<(error: LibvirtConnectionError) => void>();
  #transport: Transport | undefined;
  #closed: LibvirtConnectionError | undefined;

  private constructor(callTimeoutMs: number) {
    this.#pending = new PendingCalls(callTimeoutMs);
  }

  static async open(options: ConnectionOptions): Promise<RpcConnection> {
    const connection = new RpcConnection(options.callTimeoutMs);
    connection.#transport = await dial(options, {
      packet: (packet) => connection.#receive(packet),
      close: (error) => connection.#onClose(error),
    });
    return connection;
  }

  /** The reply's body. Rejects with `LibvirtError`, `LibvirtConnectionError` or the signal's reason. */
  async call(request: Request, options: CallOptions = {}): Promise<XdrReader> {
    const { reply } = this.#send(request, options);
    return new XdrReader(await reply);
  }

  /** A call that opens a stream; data may come before this resolves. */
  async openStream(request: Request, sink: StreamSink, options: CallOptions = {}): Promise<StreamHandle> {
    const { serial, reply } = this.#send(request, options);
    this.#streams.set(serial, sink);
    await reply.catch((error: unknown) => {
      this.#streams.delete(serial);
      throw error;
    });
    const send = (status: number, body: Buffer, flushed?: () => void): void => {
      if (this.#closed || !this.#streams.has(serial)) return flushed?.();
      this.#transport?.send({ ...packetOf(request), type: MESSAGE.stream, serial, status, body }, flushed);
    };
    const end = (status: number): void => {
      send(status, Buffer.alloc(0));
      this.#streams.delete(serial);
    };
    return {
      write: (chunk, flushed) => send(STATUS.continue, chunk, flushed),
      finish: () => end(STATUS.ok),
      abort: () => end(STATUS.error),
    };
  }

  /** Listens for an event of the remote program, whether or not the daemon was asked to send it. */
  on(procedure: number, listener: EventListener): () => void {
    const listeners = this.#listeners.get(procedure) ?? new Set();
    this.#listeners.set(procedure, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  onClose(listener: (error: LibvirtConnectionError) => void): () => void {
    this.#closeListeners.add(listener);
    return () => void this.#closeListeners.delete(listener);
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  close(): void {
    this.#transport?.close(new LibvirtConnectionError('Closed', 'the connection to libvirt was closed'));
  }

  #send(request: Request, options: CallOptions): { serial: number; reply: Promise<Buffer> } {
    if (this.#closed) throw this.#closed;
    const { serial, reply } = this.#pending.add(request.procedure, options);
    const body = request.args.bytes();
    this.#transport?.send({ ...packetOf(request), type: MESSAGE.call, serial, status: STATUS.ok, body });
    return { serial, reply };
  }

  #receive(packet: Packet): void {
    if (packet.program === PROGRAM.keepalive) return this.#answerPing(packet);
    if (packet.type === MESSAGE.event) return this.#emit(packet);
    if (packet.type === MESSAGE.stream) return this.#feedStream(packet);
    if (packet.type !== MESSAGE.reply) return;
    if (packet.status === STATUS.error) this.#pending.reject(packet.serial, decodeError(packet.body));
    else this.#pending.resolve(packet.serial, packet.body);
  }

  #answerPing({ procedure }: Packet): void {
    if (procedure !== PING) return;
    const pong = { program: PROGRAM.keepalive, procedure: PONG, type: MESSAGE.event };
    this.#transport?.send({ ...pong, serial: 0, status: STATUS.ok, body: Buffer.alloc(0) });
  }

  #emit({ program, procedure, body }: Packet): void {
    if (program !== PROGRAM.remote) return;
    for (const listener of this.#listeners.get(procedure) ?? []) listener(new XdrReader(body));
  }

  #feedStream({ serial, status, body }: Packet): void {
    const sink = this.#streams.get(serial);
    if (sink === undefined) return;
    if (status === STATUS.continue && body.length > 0) return sink.data(body);
    this.#streams.delete(serial);
    sink.end(status === STATUS.error ? decodeError(body) : undefined);
  }

  #onClose(error: LibvirtConnectionError): void {
    this.#closed = error;
    this.#pending.rejectAll(error);
    for (const sink of this.#streams.values()) sink.end(error);
    this.#streams.clear();
    for (const listener of this.#closeListeners) listener(error);
  }
}

function packetOf({ program, procedure }: Request): { program: number; procedure: number } {
  return { program: program ?? PROGRAM.remote, procedure };
}
