import { LongId, type RequestId } from './response.ts';
import { keepLongIds } from './long-ids.ts';
import { hasTooManyMarks } from './marks.ts';
import { isObject } from './params.ts';
import { refuseRepeated } from './repeated-members.ts';
import { keepRepeatedNames } from './repeated-names.ts';

export interface Request {
  /** Undefined for a notification, which gets no answer; as for Substrate, one with an id that cannot be one is a notification. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

/** One that is to be answered. */
export type Question = Request & { readonly id: RequestId };

export const isQuestion = (request: Request): request is Question => request.id !== undefined;

/** What one message holds; `malformed` when it is no JSON object and no list, `tangled` when it has too many marks to be read. */
export type Message =
  | { readonly kind: 'malformed' }
  | { readonly kind: 'tangled' }
  | { readonly kind: 'single'; readonly entry: unknown }
  | { readonly kind: 'batch'; readonly entries: readonly unknown[] };

const MALFORMED: Message = { kind: 'malformed' };

/** The bytes of a message among which jsonrpsee looks for its beginning, and what it passes over meanwhile. */
const LEAD = 128;
const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0c, 0x0d]);
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** The bytes without what stands before them; undefined where they can be no request nor a list of them, as the first one tells. */
export function messageIn(bytes: Uint8Array): Uint8Array | undefined {
  const start = bytes.subarray(0, LEAD).findIndex((byte) => !WHITESPACE.has(byte));
  const first = bytes[start];
  return first === OPEN_BRACE || first === OPEN_BRACKET ? bytes.subarray(start) : undefined;
}

/** A batch above `maxBatch` is not looked into. Never throws. */
export function readMessage(bytes: Uint8Array, maxBatch: number): Message {
  const message = messageIn(bytes);
  if (message && hasTooManyMarks(message)) return { kind: 'tangled' };
  const text = message && utf8(message);
  if (text === undefined) return MALFORMED;
  try {
    const value = JSON.parse(text) as unknown;
    if (Array.isArray(value)) {
      const entries = value.length > maxBatch ? value : entriesOf(text, value, 'batch');
      return { kind: 'batch', entries };
    }
    if (!isObject(value)) return MALFORMED;
    const [entry] = entriesOf(text, [value], 'single');
    return { kind: 'single', entry };
  } catch {
    return MALFORMED;
  }
}

function entriesOf(text: string, values: readonly unknown[], kind: 'single' | 'batch'): readonly unknown[] {
  const entries = refuseRepeated(text, keepLongIds(text, values, kind), kind);
  return keepRepeatedNames(text, entries, kind);
}

/** Undefined for what is no request of JSON-RPC 2.0. */
export function readRequest(entry: unknown): Request | undefined {
  if (!isObject(entry) || entry['jsonrpc'] !== '2.0') return undefined;
  const { id, method, params } = entry;
  if (typeof method !== 'string') return undefined;
  return { id: isId(id) ? id : undefined, method, params };
}

/** The id of something that is no request; undefined when it has none that can be sent back. */
export function readId(entry: unknown): RequestId | undefined {
  const id = isObject(entry) ? entry['id'] : undefined;
  return isId(id) ? id : undefined;
}

const isId = (id: unknown): id is RequestId =>
  id === null ||
  typeof id === 'string' ||
  (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 && !Object.is(id, -0)) ||
  (id instanceof LongId && BigInt(id.digits) < 2n ** 64n);

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for bytes that are no UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
