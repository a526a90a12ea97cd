import { DaemonError, EXIT_USAGE } from '../errors.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/i;

/** Account names become file names. Throws `KEY_NAME_INVALID`. */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new DaemonError(
    'KEY_NAME_INVALID',
    `"${name}" cannot be an account's name: use 1 to 32 letters, digits, "-" or "_", and start with a letter or digit.`,
    { exitCode: EXIT_USAGE },
  );
}
