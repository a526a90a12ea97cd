import type { Duplex } from 'node:stream';
import type { ControlAnswer, ControlCommand, Host, ProviderRoute, StatusAnswer } from '@hamster/p2p';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT } from '../cli/errors.ts';
import { explained } from './no-way.ts';
import { clientHost } from './open-session.ts';
import { bySession } from './reach.ts';
import { grantOf, type Session } from './session.ts';

/** A lease's machine, as its renter controls it. */
export interface Machine {
  /** Resolves when it is done. Throws with a sentence. */
  ask<C extends ControlCommand>(command: C): Promise<ControlAnswer<C['name']>>;
  console(): Promise<Duplex>;
}

/** Lets `use` control a lease's machine over one connection. */
export async function withMachine<T>(
  context: Context,
  id: number,
  use: (machine: Machine) => Promise<T>,
): Promise<T> {
  const host = await clientHost(context.settings);
  try {
    return await use(machineOf(context, host, id));
  } finally {
    await host.stop();
  }
}

/** How a machine is, by a session that is there: neither chain nor account are asked. */
export async function machineStatus(
  { settings, signal }: Pick<Context, 'settings' | 'signal'>,
  session: Session,
): Promise<StatusAnswer> {
  const { controlClient } = await import('@hamster/p2p');
  const host = await clientHost(settings);
  const request = { grant: grantOf(session), lease: BigInt(session.lease) };
  try {
    return await controlClient(routeOf(host, session)).ask(
      { ...request, command: { name: 'status' } },
      { signal },
    );
  } catch (error) {
    throw explained(error, session);
  } finally {
    await host.stop();
  }
}

function machineOf(context: Context, host: Host, id: number): Machine {
  const { signal } = context;
  return {
    ask: (command) =>
      bySession(context, id, async (session) => {
        const { controlClient } = await import('@hamster/p2p');
        const request = { grant: grantOf(session), lease: BigInt(id), command };
        return controlClient(routeOf(host, session))
          .ask(request, { signal })
          .catch((error: unknown) => {
            throw uncertain(explained(error, session), id, command);
          });
      }),
    console: () =>
      bySession(context, id, async (session) => {
        const { consoleClient } = await import('@hamster/p2p');
        return consoleClient(routeOf(host, session))
          .open({ grant: grantOf(session), lease: BigInt(id) }, { signal })
          .catch((error: unknown) => {
            throw explained(error, session);
          });
      }),
  };
}

function routeOf(host: Host, { provider, gateways }: Session): ProviderRoute {
  return { host, provider: { peerId: provider }, gateways: () => gateways };
}

/** A command whose answer got lost may have been carried out all the same. */
function uncertain(error: unknown, id: number, { name }: ControlCommand): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'CONNECTION_LOST') return error;
  return new CliError(
    'ANSWER_LOST',
    `The connection broke before the provider answered, so "${name}" may have been done or not. Look with: hamster status ${id}`,
    EXIT.unreachable,
    error,
  );
}
