import type { Stream } from '@libp2p/interface';
import { askOn } from '../access/ask-provider.ts';
import { awaitRoom } from '../access/await-room.ts';
import { askAgain, providerStreams, type ProviderRoute } from '../access/provider-streams.ts';
import type { ControlAnswer, ControlCommand } from './commands.ts';
import {
  CONTROL_PROTOCOL,
  decodeAnswer,
  encodeControlRequest,
  MAX_CONTROL_MESSAGE,
  type ControlRequest,
} from './protocol.ts';

/** Asks one provider to do something with a lease's machine. */
export interface ControlClient {
  /**
   * Resolves when it is done. Throws PeerError: the provider's refusal, NO_ROUTE, NO_GATEWAY, HANDSHAKE_TIMEOUT; or
   * CONNECTION_LOST, after which the command may or may not have been carried out.
   */
  ask<C extends ControlCommand>(
    request: ControlRequest<C>,
    options?: { signal?: AbortSignal },
  ): Promise<ControlAnswer<C['name']>>;
}

const LOOK_MS = 60_000;
/** Somewhat more than a provider gives itself. */
const CHANGE_MS = 630_000;
const LOOKS: readonly ControlCommand['name'][] = ['status', 'metrics', 'ssh-keys'];

export function controlClient(route: ProviderRoute): ControlClient {
  const streams = providerStreams(route);
  return {
    ask(request, { signal } = {}) {
      const looks = LOOKS.includes(request.command.name);
      const timeout = AbortSignal.timeout(looks ? LOOK_MS : CHANGE_MS);
      const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const ask = async () => {
        const { stream } = await streams.open(CONTROL_PROTOCOL, bounded);
        return requestControl(stream, request, bounded);
      };
      // What changes a machine is never sent twice.
      return looks ? awaitRoom(bounded, () => askAgain(bounded, ask)) : ask();
    },
  };
}

async function requestControl<C extends ControlCommand>(
  stream: Stream,
  request: ControlRequest<C>,
  signal: AbortSignal,
): Promise<ControlAnswer<C['name']>> {
  const question = { request: encodeControlRequest(request), maxMessage: MAX_CONTROL_MESSAGE, signal };
  const { reply } = await askOn(stream, question);
  const name: C['name'] = request.command.name;
  const answer = decodeAnswer(name, reply['answer']);
  await stream.close({ signal });
  return answer;
}
