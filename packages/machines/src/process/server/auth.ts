import ssh2 from 'ssh2';
import type { AuthContext, ParsedKey, PublicKeyAuthContext } from 'ssh2';

const USERS = new Set(['root', 'renter']);
const MAX_ATTEMPTS = 12;

export type Authenticator = (context: AuthContext) => void;
/** The keys that may log in now, in OpenSSH's one-line format. */
export type KeySource = () => Promise<readonly string[]>;

/** Public keys only: a password is never even asked for. One authenticator serves one connection. */
export function keyAuthenticator(keys: KeySource, giveUp: () => void): Authenticator {
  let attempts = 0;
  return (context) => {
    attempts += 1;
    if (attempts > MAX_ATTEMPTS) return giveUp();
    if (context.method !== 'publickey' || !USERS.has(context.username)) return context.reject(['publickey']);
    keys().then((lines) => {
      const allowed = lines.map((line) => ssh2.utils.parseKey(line)).filter(isKey);
      const key = allowed.find((candidate) => candidate.getPublicSSH().equals(context.key.data));
      if (key && proves(context, key)) context.accept();
      else context.reject(['publickey']);
    }, giveUp);
  };
}

function isKey(key: ParsedKey | Error): key is ParsedKey {
  return !(key instanceof Error);
}

// Without a signature the client only asks whether the key would do.
function proves(context: PublicKeyAuthContext, key: ParsedKey): boolean {
  if (!context.signature || !context.blob) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
