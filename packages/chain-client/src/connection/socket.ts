import { WsProvider } from '#polkadot/api';
import { ChainError, ChainUnreachable } from '../errors.ts';
import { within } from '../signals.ts';
import type { Patience } from '../signals.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** A provider that neither connects nor reconnects by itself, and so never writes to the console either. */
export function socketFor(url: string): WsProvider {
  if (!/^wss?:\/\/[^/]/.test(url)) {
    throw new ChainError(
      'CHAIN_URL_INVALID',
      `"${url}" is no address of a chain: it begins with ws:// or wss://.`,
    );
  }
  return new WsProvider(url, false, {}, REQUEST_TIMEOUT_MS);
}

/** Opens the socket once. Throws `CHAIN_UNREACHABLE` or `CHAIN_TIMEOUT`. */
export async function open(socket: WsProvider, url: string, patience: Patience): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  const refused = (): void => outcome.reject(unreachable(url));
  const listeners = [socket.on('connected', outcome.resolve), socket.on('disconnected', refused)];
  try {
    await socket.connect();
    await within(outcome.promise, patience, `Reaching the chain at ${url}`);
  } catch (error) {
    await socket.disconnect();
    throw error;
  } finally {
    listeners.forEach((remove) => remove());
  }
}

export function unreachable(url: string, cause?: unknown): ChainUnreachable {
  return new ChainUnreachable(
    `No chain answers at ${url}. Is its node running, and is the address right?`,
    cause,
  );
}
