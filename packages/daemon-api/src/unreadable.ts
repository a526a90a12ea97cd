import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './errors.ts';

/** What is told of a path that is no URL: it gets to no route, so to no hook either. */
export function unreadablePath(): ApiError {
  return new ApiError(400, 'INVALID_REQUEST', 'The path of the request is no valid URL.');
}

/** Refuses what Node cannot read as a request, in the shape of all refusals, and ends the connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, message } = refusalOf(error.code);
  const body = JSON.stringify({ code, message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function refusalOf(code: string | undefined): ApiError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(408, 'TOO_SLOW', 'The request did not come in whole in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(431, 'TOO_LARGE', 'The headers of the request are too large.');
    default:
      return new ApiError(400, 'INVALID_REQUEST', 'This is no valid HTTP request.');
  }
}
