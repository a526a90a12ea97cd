import type { CallOptions, Rpc } from './connection.ts';

/** The same connection, whose every call also ends with `signal`. */
export function boundedRpc(rpc: Rpc, signal: AbortSignal): Rpc {
  const both = (options: CallOptions = {}): CallOptions => ({
    ...options,
    signal: options.signal ? AbortSignal.any([signal, options.signal]) : signal,
  });
  return {
    call: (request, options) => rpc.call(request, both(options)),
    openStream: (request, sink, options) => rpc.openStream(request, sink, both(options)),
    on: (procedure, listener) => rpc.on(procedure, listener),
    onClose: (listener) => rpc.onClose(listener),
    close: () => rpc.close(),
    get closed() {
      return rpc.closed;
    },
  };
}
