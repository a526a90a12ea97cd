import type { Duplex } from 'node:stream';
import { askOn } from '../access/ask-provider.ts';
import { askAgain, providerStreams, type ProviderRoute } from '../access/provider-streams.ts';
import type { GrantedRequest } from '../grants/decode-grant.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import { CONSOLE_PROTOCOL, encodeConsoleRequest, MAX_CONSOLE_MESSAGE } from './protocol.ts';

/** Opens consoles of the machines of one provider. */
export interface ConsoleClient {
  /** The console's bytes both ways. Throws PeerError: the provider's refusal, NO_ROUTE, NO_GATEWAY or HANDSHAKE_TIMEOUT. */
  open(request: GrantedRequest, options?: { signal?: AbortSignal }): Promise<Duplex>;
}

const TOTAL_MS = 30_000;

export function consoleClient(route: ProviderRoute): ConsoleClient {
  const streams = providerStreams(route);
  return {
    open(request, { signal } = {}) {
      const timeout = AbortSignal.timeout(TOTAL_MS);
      const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const question = {
        request: encodeConsoleRequest(request),
        maxMessage: MAX_CONSOLE_MESSAGE,
        signal: bounded,
      };
      return askAgain(bounded, async () => {
        const { stream } = await streams.open(CONSOLE_PROTOCOL, bounded);
        const { messages } = await askOn(stream, question);
        return streamDuplex(messages.detach());
      });
    },
  };
}
