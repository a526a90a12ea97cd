import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ApiError } from './errors.ts';
import { sameToken } from './token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without the token. For what tells nothing of this computer and changes nothing. */
    readonly open?: boolean;
  }
}

export interface GuardOptions {
  readonly token: string;
  readonly names: readonly string[];
  readonly origins: readonly string[];
}

/** A name or an address, with or without a port: nothing that other programs could read as another host. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i;
const BEARER = /^Bearer +(\S+)$/i;

/** Who may call at all: no page of another site, neither openly nor by a name that it made point here. */
export class Guard {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Throws `FOREIGN_HOST` or `FOREIGN_ORIGIN`. */
  checkOrigin({ headers, raw }: FastifyRequest): void {
    if (!hostsOf(raw).every((host) => this.#isOurs(host))) throw foreignHost();
    if (headers.origin !== undefined && !this.#options.origins.includes(headers.origin))
      throw foreignOrigin();
    // What a page loads as an image or a script comes without an origin, but browsers tell where from.
    const crossSite = headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
    if (crossSite && headers.origin === undefined) throw foreignOrigin();
  }

  /** Throws `NO_TOKEN` or `WRONG_TOKEN`, unless the route is open. */
  checkToken(request: FastifyRequest): void {
    if (request.routeOptions.config.open === true || this.holdsToken(request)) return;
    const given = request.headers.authorization !== undefined;
    throw given ? wrongToken() : noToken();
  }

  holdsToken({ headers }: FastifyRequest): boolean {
    const [, given] = BEARER.exec(headers.authorization ?? '') ?? [];
    return given !== undefined && sameToken(given, this.#options.token);
  }

  /** An address cannot be made to point elsewhere; of names, only those that the operator knows are taken. */
  #isOurs(host: string | undefined): boolean {
    if (host === undefined || !HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
    const name = new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
    return isIP(name) !== 0 || name === 'localhost' || this.#options.names.includes(name);
  }
}

/** Each host that a request names, in its headers and in its target; undefined where it names none. */
function hostsOf({ rawHeaders, url = '' }: IncomingMessage): (string | undefined)[] {
  const inHeaders = rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host',
  );
  const target = url.startsWith('/') ? undefined : URL.parse(url)?.host;
  const all = target === undefined ? inHeaders : [...inHeaders, target];
  return all.length === 0 ? [undefined] : all;
}

function foreignHost(): ApiError {
  return new ApiError(
    403,
    'FOREIGN_HOST',
    'The API is not served under this host name. Call it by its address, or add the name to --api-names.',
  );
}

function foreignOrigin(): ApiError {
  return new ApiError(
    403,
    'FOREIGN_ORIGIN',
    'Pages of this site may not call the API. Add its origin to --api-origins if you trust it.',
  );
}

function noToken(): ApiError {
  return new ApiError(
    401,
    'NO_TOKEN',
    "Send the API's token as `authorization: Bearer …`; it is in the file that the daemon names at its start.",
  );
}

function wrongToken(): ApiError {
  return new ApiError(
    401,
    'WRONG_TOKEN',
    "This is not the API's token; it is in the file that the daemon names at its start.",
  );
}
