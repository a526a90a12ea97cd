import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what was compiled is kept: a folder of this user's own, because whoever could write there could run anything here. */
export function codeCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hamster', 'code');
}
