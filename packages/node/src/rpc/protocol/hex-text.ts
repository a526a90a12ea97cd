import { ERROR_CODES, RpcError } from './errors.ts';
import { type Param, wholeBytes } from './params.ts';

/**
 * Bytes in hex as the methods of the JSON-RPC specification take them. To Substrate they are a text at first, so that a text
 * which is no hex has an error of its own, with this code and the text in it.
 */
export function hexText(name: string, code: number): Param<Uint8Array> {
  const inner = wholeBytes(name);
  return {
    name,
    parse(value) {
      if (typeof value !== 'string') return inner.parse(value);
      try {
        return inner.parse(value);
      } catch {
        throw invalidParameter(code, value);
      }
    },
  };
}

export const invalidParameter = (code: number, what: string): RpcError =>
  new RpcError(code, `Invalid parameter: ${what}`);

export const chainHeadHex = (name: string): Param<Uint8Array> => hexText(name, ERROR_CODES.invalidParams);

export const archiveHex = (name: string): Param<Uint8Array> => hexText(name, ERROR_CODES.archiveParameter);
