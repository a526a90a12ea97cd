import { Type, type Static } from '@hamster/daemon';

/** One line of a log, as the API gives it. Secrets were hidden when it was written. */
export const LogLine = Type.Object(
  {
    at: Type.Integer({ description: 'ms since 1970' }),
    level: Type.String({ description: 'trace, debug, info, warn, error or fatal' }),
    message: Type.String(),
    fields: Type.Object({}, { additionalProperties: true, description: 'What the message is about' }),
  },
  { description: 'A line of the log' },
);

export type LogLine = Static<typeof LogLine>;

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const MAX_LINES = 500;
/** Of one line; a longer one, as with a stack, is kept without its fields. */
const MAX_LENGTH = 4_096;

/** The last lines of a daemon's log: bounded, the oldest go first. */
export class LogTail {
  readonly #lines: LogLine[] = [];
  readonly #most: number;

  constructor(most = MAX_LINES) {
    this.#most = most;
  }

  /** Takes a line as the logger writes it. */
  readonly push = (line: string): void => {
    this.#lines.push(parse(line));
    if (this.#lines.length > this.#most) this.#lines.shift();
  };

  /** The last lines, the newest at the end. */
  last(count: number): LogLine[] {
    return count <= 0 ? [] : this.#lines.slice(-count);
  }
}

function parse(line: string): LogLine {
  const { time, level, msg, name: _, ...fields } = JSON.parse(line) as Record<string, unknown>;
  return {
    at: Number(time),
    level: LEVELS[Number(level)] ?? 'info',
    message: String(msg ?? '').slice(0, MAX_LENGTH),
    fields: line.length > MAX_LENGTH ? {} : fields,
  };
}
