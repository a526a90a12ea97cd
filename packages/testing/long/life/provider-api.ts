import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalNetwork } from '../../src/index.ts';

/** The answer of the running provider's API; throws when none comes. */
export async function askProvider(
  network: LocalNetwork,
  method: 'GET' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const home = join(network.options.directory, 'provider');
  const [url, token] = await Promise.all(
    ['api.url', 'api.token'].map(async (name) => (await readFile(join(home, name), 'utf8')).trim()),
  );
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(60_000);
  const answer = await fetch(`${url}${path}`, { method, headers, signal, ...sent });
  return answer.json();
}
