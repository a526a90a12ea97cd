import { useI18n } from 'vue-i18n';
import { DEFAULT_URL } from './access.ts';
import { useDaemon } from './daemon.store.ts';
import type { DaemonProblem } from './problem.ts';

/** A sentence for a person: what is in the way, and what to do. */
export function useDaemonText(): (problem: DaemonProblem, url?: string) => string {
  const { t } = useI18n();
  const daemon = useDaemon();
  return ({ code, message }, url = daemon.access?.url ?? DEFAULT_URL) => {
    if (code === 'refused' && message !== '') return message;
    return t(`daemon.problems.${code}`, { url, command: daemonCommand() });
  };
}

/** What starts a daemon that this very page may use. */
export function daemonCommand(): string {
  return `hamster daemon --page ${location.origin}${location.pathname}`;
}
