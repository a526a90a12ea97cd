import { confirm, isInteractive } from '@hamster/daemon';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT, usageError } from '../cli/errors.ts';

/** Nothing is paid or ended without a yes: typed, or given as --yes. Throws when it is not. */
export async function requireConsent(context: Context, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!isInteractive(context.terminal)) {
    throw usageError(`"${question}" cannot be asked here: add --yes to agree beforehand.`);
  }
  if (await confirm(context.terminal, question, context.signal)) return;
  throw new CliError('NOT_CONFIRMED', 'Nothing was done.', EXIT.failure);
}
