import { encode } from 'cborg';
import { isPeerErrorCode, PeerError } from '../errors.ts';
import { decodeFields, type Fields } from './cbor.ts';

/** No refusal says more, in characters. */
const MAX_SENTENCE = 512;

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** A provider's yes to a request, with what belongs to it. */
export function encodeYes(fields: Fields = {}): Uint8Array {
  return encode({ ...fields, ok: true });
}

/** A provider's no: a code and a sentence. */
export function encodeNo({ code, message }: PeerError): Uint8Array {
  return encode({ ok: false, code, message: message.slice(0, MAX_SENTENCE) });
}

/** The fields of a yes. Throws a no as the PeerError that the provider sent, or MESSAGE_MALFORMED. */
export function decodeReply(bytes: Uint8Array): Fields {
  const reply = decodeFields(bytes, 'reply');
  if (reply['ok'] === true) return reply;
  const { code, message } = reply;
  if (reply['ok'] !== false || typeof code !== 'string' || typeof message !== 'string') {
    throw new PeerError('MESSAGE_MALFORMED', 'The provider answered with something that is no reply');
  }
  throw new PeerError(isPeerErrorCode(code) ? code : 'PROVIDER_FAILED', sentenceIn(message));
}

/** One line of a stranger's text, so that it says nothing beside the sentence. Whoever shows it sees to what a terminal would obey. */
function sentenceIn(text: string): string {
  return text.slice(0, MAX_SENTENCE).split(LINE_BREAK, 1)[0] ?? '';
}
