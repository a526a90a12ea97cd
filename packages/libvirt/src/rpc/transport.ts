import net from 'node:net';
import { LibvirtConnectionError } from '../errors.ts';
import { encodePacket } from './packet.ts';
import type { Packet } from './packet.ts';
import { PacketSplitter } from './packet-splitter.ts';

export type TransportEvents = { packet(packet: Packet): void; close(error: LibvirtConnectionError): void };

export type Transport = {
  /** `flushed` is told when the kernel took the packet, or when it never will. */
  send(packet: Packet, flushed?: () => void): void;
  close(error: LibvirtConnectionError): void;
};

export type DialOptions = { socketPath: string; timeoutMs: number; signal?: AbortSignal | undefined };

/** Connects to the daemon's socket. Afterwards `close` is told exactly once, whatever ends the connection. */
export function dial(options: DialOptions, events: TransportEvents): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = net.createConnection({ path: options.socketPath });
    const limit = AbortSignal.any([
      AbortSignal.timeout(options.timeoutMs),
      ...(options.signal ? [options.signal] : []),
    ]);
    const abort = (): void => void socket.destroy(new Error('no connection in time'));
    const failed = (error: Error): void => {
      limit.removeEventListener('abort', abort);
      reject(
        options.signal?.aborted ? (options.signal.reason as Error) : connectFailed(options.socketPath, error),
      );
    };
    limit.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      limit.removeEventListener('abort', abort);
      socket.removeListener('error', failed);
      resolve(attach(socket, events));
    });
  });
}

function attach(socket: net.Socket, events: TransportEvents): Transport {
  const splitter = new PacketSplitter();
  let reason: LibvirtConnectionError | undefined;
  const close = (error: LibvirtConnectionError): void => {
    reason ??= error;
    socket.destroy();
  };
  socket.on('data', (chunk) => {
    try {
      for (const packet of splitter.push(chunk)) events.packet(packet);
    } catch (error) {
      close(asConnectionError(error));
    }
  });
  socket.on('error', (error) => close(lost(error)));
  socket.once('end', () => close(lost()));
  socket.once('close', () => events.close(reason ?? lost()));
  return { send: (packet, flushed) => void socket.write(encodePacket(packet), () => flushed?.()), close };
}

function connectFailed(path: string, cause: Error): LibvirtConnectionError {
  const message = `no libvirt daemon at ${path} (${cause.message}): is libvirtd running, and may this account use it?`;
  return new LibvirtConnectionError('ConnectFailed', message, { cause });
}

function lost(cause?: Error): LibvirtConnectionError {
  return new LibvirtConnectionError('ConnectionLost', 'the connection to libvirt was lost', { cause });
}

function asConnectionError(error: unknown): LibvirtConnectionError {
  if (error instanceof LibvirtConnectionError) return error;
  return new LibvirtConnectionError('Protocol', 'a packet of libvirt could not be handled', { cause: error });
}
