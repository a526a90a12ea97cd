import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { CliError, EXIT } from '../cli/errors.ts';

/** The two parts of a public key line that matter: its type and its base64. */
export interface KeyLine {
  readonly type: string;
  readonly base64: string;
}

const LINE = /^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) ([A-Za-z0-9+/]+={0,3})(?: [\x20-\x7e]*)?$/;

/**
 * Takes a public key line apart, of a file or of the chain. Strict, because what comes out goes into files that ssh
 * reads. Throws CliError `SSH_KEY_INVALID`.
 */
export function parseKeyLine(line: string, what: string): KeyLine {
  const match = LINE.exec(line.trim());
  const parsed = match && ssh2.utils.parseKey(`${match[1]} ${match[2]}`);
  if (match?.[1] && match[2] && !(parsed instanceof Error)) return { type: match[1], base64: match[2] };
  throw new CliError(
    'SSH_KEY_INVALID',
    `${what} is no SSH public key of type ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa.`,
    EXIT.usage,
  );
}

export function sameKey(one: KeyLine, other: KeyLine): boolean {
  return one.type === other.type && one.base64 === other.base64;
}

/** As `ssh-keygen -l` shows it. */
export function fingerprintOf({ base64 }: KeyLine): string {
  const hash = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}
