import { readToken } from '@hamster/daemon-api';
import { CliError } from '../cli/errors.ts';

/** Whether a market page can be there. */
export function isPage(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.hash === '';
}

/** A link that opens the page connected with this daemon. The token is behind the #, so it is sent to no server. */
export async function pageLink(
  page: string,
  { url, tokenPath }: { readonly url: string; readonly tokenPath: string },
): Promise<string> {
  const token = await readToken(tokenPath);
  if (token === undefined) throw new CliError('NO_TOKEN', `The API's token is no longer in ${tokenPath}.`);
  const link = new URL(page);
  link.hash = `/daemon?${new URLSearchParams({ url, token }).toString()}`;
  return link.href;
}
