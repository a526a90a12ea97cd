import { readToken } from '@hamster/daemon-api';
import type { Logger } from '@hamster/daemon';
import type { Context } from '../cli/context.ts';
import { CliError } from '../cli/errors.ts';

interface ApiPlace {
  readonly url: string;
  readonly tokenPath: string;
}

/** Whether a market page can be there. */
export function isPage(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.hash === '';
}

/** Shows the link at a terminal. Elsewhere output is kept, as in a service's journal, and the token does not belong there. */
export async function offerPage(
  page: string,
  api: ApiPlace,
  { terminal, print, log }: Pick<Context, 'terminal' | 'print'> & { readonly log: Pick<Logger, 'info'> },
): Promise<void> {
  if (terminal.output.isTTY === true) return print(await pageLink(page, api));
  log.info(
    { page, api: api.url, tokenFile: api.tokenPath },
    'this page may use the daemon: connect it there by hand, with the address of the API and the token that is in the file',
  );
}

/** A link that opens the page connected with this daemon. The token is behind the #, so it is sent to no server. */
async function pageLink(page: string, { url, tokenPath }: ApiPlace): Promise<string> {
  const token = await readToken(tokenPath);
  if (token === undefined) throw new CliError('NO_TOKEN', `The API's token is no longer in ${tokenPath}.`);
  const link = new URL(page);
  link.hash = `/daemon?${new URLSearchParams({ url, token }).toString()}`;
  return link.href;
}
