import { XMLParser } from 'fast-xml-parser';
import { PeerError } from '../errors.ts';

const MAX_ANSWER = 64 * 1024;
const ANSWER_MS = 5_000;

export interface RouterAnswer {
  readonly ok: boolean;
  /** The document without prefixes: elements are objects, texts are strings. */
  readonly document: unknown;
}

/** One request to a router, which may be anything: bounded in time and size, and it sends us nowhere else. Throws PeerError PORT_MAPPING. */
export async function askRouter(url: URL, init: RequestInit, signal: AbortSignal): Promise<RouterAnswer> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(url, { ...init, redirect: 'error', signal: bounded });
    const document: unknown = parser().parse(await textOf(response));
    return { ok: response.ok, document };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof PeerError) throw cause;
    throw new PeerError('PORT_MAPPING', 'The router maps no port by UPnP: it makes no sense', { cause });
  }
}

function parser(): XMLParser {
  return new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    processEntities: false,
    isArray: (name) => name === 'device' || name === 'service',
  });
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER)
      throw new PeerError('PORT_MAPPING', 'The router maps no port by UPnP: it says too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The element that is found by going down these names; undefined when there is none. */
export function elementAt(node: unknown, ...names: readonly string[]): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return node;
  return typeof node === 'object' && node !== null && Object.hasOwn(node, name)
    ? elementAt(Reflect.get(node, name), ...rest)
    : undefined;
}
