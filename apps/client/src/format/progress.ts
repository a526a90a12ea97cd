import type { Terminal } from '@hamster/daemon';
import { duration } from './duration.ts';

/**
 * Shows a wait with the time that it took so far; on a terminal in one line, elsewhere once. A line that is wider than the terminal
 * loses its beginning: wrapped, it could not be drawn over.
 */
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
  const draw = (): void => {
    const line = `${text} … ${duration(now() - begun)}`;
    // A terminal whose width is not known says 0.
    const room = (errors.columns || Infinity) - 1;
    errors.write(`\r\u001b[K${line.slice(Math.max(0, line.length - room))}`);
  };
  const timer = setInterval(draw, 1000);
  draw();
  return {
    stop() {
      clearInterval(timer);
      errors.write('\r\u001b[K');
    },
  };
}
