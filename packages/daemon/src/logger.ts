import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { prettyLine } from './pretty-line.ts';
import { harmlessJson } from './terminal/harmless.ts';

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
  /** Told each line as well, as JSON, with its secrets hidden already. */
  readonly onLine?: ((line: string) => void) | undefined;
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
  const { json, output, colour = false, onLine } = options;
  const destination: DestinationStream = {
    write(line) {
      output.write(json ? harmlessJson(line) : prettyLine(line, colour));
      onLine?.(line);
    },
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
