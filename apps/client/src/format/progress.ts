import type { Terminal } from '@hamster/daemon';
import { duration } from './duration.ts';

/** Shows a wait with the time that it took so far; on a terminal in one line, elsewhere once. */
export function showProgress(
  { errors }: Terminal,
  text: string,
  now: () => number = Date.now,
): { stop(): void } {
  const begun = now();
  if (errors.isTTY !== true) {
    errors.write(`${text} …\n`);
    return { stop: () => undefined };
  }
  const draw = (): void => void errors.write(`\r\u001b[K${text} … ${duration(now() - begun)}`);
  const timer = setInterval(draw, 1000);
  draw();
  return {
    stop() {
      clearInterval(timer);
      errors.write('\r\u001b[K');
    },
  };
}
