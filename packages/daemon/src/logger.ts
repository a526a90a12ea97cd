import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { prettyLine } from './pretty-line.ts';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Shown with each line: the app's name. */
  readonly name: string;
  readonly level: string;
  /** JSON lines; otherwise lines for a person. */
  readonly json: boolean;
  readonly output: { write(text: string): unknown };
  /** Colours in lines for a person. */
  readonly colour?: boolean;
}

const SECRET_KEYS = [
  'passphrase',
  'password',
  'mnemonic',
  'seed',
  'suri',
  'secret',
  'token',
  'privateKey',
  'psk',
];

/** A logger that never writes what a secret field holds, at the top or one level down. */
export function createLogger(options: LoggerOptions): Logger {
  const { json, output, colour = false } = options;
  const destination: DestinationStream = {
    write: (line) => void output.write(json ? line : prettyLine(line, colour)),
  };
  return pino(
    {
      name: options.name,
      level: options.level,
      base: undefined,
      redact: { paths: [...SECRET_KEYS, ...SECRET_KEYS.map((key) => `*.${key}`)], censor: '(hidden)' },
    },
    destination,
  );
}
