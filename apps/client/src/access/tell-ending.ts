import type { Context } from '../cli/context.ts';
import { endingText } from '../format/ending.ts';
import type { Session } from './session.ts';

/** Whoever logs in within the last billed hour reads that it is the last, apart from what the machine says. */
export function tellEnding({ tell }: Pick<Context, 'tell'>, { lease, ending, savedAt }: Session): void {
  if (!ending) return;
  const now = ending.chainTime + Math.max(0, Date.now() - savedAt);
  if (now >= ending.toldFrom) tell(`Lease ${lease} ${endingText(lease, ending.at - now)}`);
}
