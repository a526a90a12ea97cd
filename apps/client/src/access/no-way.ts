import { sentenceOf } from '@hamster/daemon';
import { CliError, EXIT } from '../cli/errors.ts';
import type { Session } from './session.ts';

/** When there is no way to a machine, a person wants to know what it means for the money. */
export function explained(error: unknown, { lease, gateways }: Session): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'NO_ROUTE') return error;
  const ways = gateways.length === 1 ? 'the one gateway' : `any of the ${gateways.length} gateways`;
  return new CliError(
    'NO_ROUTE',
    `The machine of lease ${lease} cannot be reached through ${ways} online: ${sentenceOf(error)}. ` +
      'While its provider is silent the lease is suspended and costs nothing; see `hamster leases`.',
    EXIT.unreachable,
    error,
  );
}
