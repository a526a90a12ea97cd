import { responseTooLarge, type RpcError } from './errors.ts';

/** A number with more digits than a JavaScript number keeps. */
export class LongId {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

export type RequestId = string | number | null | LongId;

interface ResponseError {
  readonly code: number;
  readonly message: string;
  readonly data?: string | number;
}

export type Response =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly error: ResponseError };

export const success = (id: RequestId, result: unknown): Response => ({
  jsonrpc: '2.0',
  id,
  result: result ?? null,
});

export function failure(id: RequestId, { rpcCode, message, data }: RpcError): Response {
  const error = { code: rpcCode, message, ...(data === undefined ? {} : { data }) };
  return { jsonrpc: '2.0', id, error };
}

/** The text of one answer; one above `maxBytes` is replaced by an error that says so. */
export function writeResponse(response: Response, maxBytes: number): string {
  const text = textOf(response);
  return text.length <= maxBytes ? text : textOf(failure(response.id, responseTooLarge(maxBytes)));
}

function textOf(response: Response): string {
  const { id } = response;
  if (!(id instanceof LongId)) return JSON.stringify(response);
  const { jsonrpc, id: _id, ...answer } = response;
  return `{"jsonrpc":"${jsonrpc}","id":${id.digits},${JSON.stringify(answer).slice(1)}`;
}
