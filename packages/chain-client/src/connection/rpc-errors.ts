import { ChainError, ChainUnreachable, textOf } from '../errors.ts';
import { unreachable } from './socket.ts';

const LOST = [/WebSocket is not connected/, /^disconnected from/, /No response received from RPC/];

/** What the library throws, as an error of ours. */
export function translate(what: string, url: string, error: unknown): ChainError {
  const message = textOf(error).split('\n')[0] ?? '';
  if (LOST.some((pattern) => pattern.test(message))) return unreachable(url, error);
  return new ChainError('RPC_FAILED', `${what} failed: the node at ${url} says "${message}".`, {
    fault: 'transient',
    cause: error,
  });
}

/** Whether an error says that the connection was lost, so that the outcome is unknown. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ChainUnreachable || LOST.some((pattern) => pattern.test(textOf(error)));
}
