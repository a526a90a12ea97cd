import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const LIMITS = { requestBytes: 1 << 20, responseBytes: 4096, batchSize: 4 };

const error = (code: number, message: string, id: unknown = null, data?: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});
const named = (id: unknown): object => ({ jsonrpc: '2.0', id, result: 'Hamster Node' });
const call = (id: unknown, method = 'system_name', params?: unknown): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

const PARSE = error(-32700, 'Parse error');
const INVALID = error(-32600, 'Invalid request');
const text = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Of the key 0x03. */
const stored = (id: unknown): object => ({ jsonrpc: '2.0', id, result: '0x33' });
const NAMED_ONCE =
  '{"jsonrpc":"2.0","id":2,"method":"state_getStorage","params":{"key":"0x03"},"x":{"key":1,"key":2}}';

/** What is sent, and what jsonrpsee, with which Substrate serves, answers to it. */
const CASES: readonly (readonly [what: string, message: Uint8Array | string, answer: unknown])[] = [
  ['JSON that breaks off', '{"jsonrpc":', PARSE],
  ['nothing but white space', '  \n', PARSE],
  ['white space of any kind before a request', ` \t\f\r\n${JSON.stringify(call(1))}`, named(1)],
  ['as much of it as is passed over', `${' '.repeat(127)}[${JSON.stringify(call(1))}]`, [named(1)]],
  ['more of it', `${' '.repeat(128)}${JSON.stringify(call(1))}`, PARSE],
  ['a number', '1', PARSE],
  ['a string', '"system_name"', PARSE],
  ['null', 'null', PARSE],
  ['text behind a request', '{"jsonrpc":"2.0","id":1,"method":"system_name"} x', PARSE],
  ['a list that breaks off', '[{"jsonrpc":"2.0","id":1,"method":"system_name"},', PARSE],
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), PARSE],
  ['a byte order mark in front', Buffer.from('\uFEFF{"jsonrpc":"2.0","id":1,"method":"system_name"}'), PARSE],
  ['an object that is no request and has no id', '{}', PARSE],
  ['another version', '{"jsonrpc":"1.0","id":7,"method":"system_name"}', error(-32600, 'Invalid request', 7)],
  ['no version', '{"id":"x","method":"system_name"}', error(-32600, 'Invalid request', 'x')],
  ['a method that is no text', '{"jsonrpc":"2.0","id":0,"method":5}', error(-32600, 'Invalid request', 0)],
  ['no method', '{"jsonrpc":"2.0","id":null}', INVALID],
  ['an unknown method', text(call(1, 'system_nothing')), error(-32601, 'Method not found', 1)],
  ['a method that every object has', text(call(1, 'toString')), error(-32601, 'Method not found', 1)],
  [
    'an unsafe method',
    text(call(1, 'system_peers')),
    error(-32601, 'RPC call is unsafe to be called externally', 1),
  ],
  [
    'parameters of an unsafe method that cannot be read',
    text(call(1, 'state_getPairs', [5])),
    error(-32602, 'Invalid params', 1, '"prefix" must be hex bytes that start with 0x, got 5'),
  ],
  [
    'parameters that are no list',
    text(call(1, 'state_getStorage', 5)),
    error(-32602, 'Invalid params', 1, 'Parameters must be a list or an object'),
  ],
  [
    'a parameter of a wrong type',
    text(call(1, 'state_getStorage', [{}])),
    error(-32602, 'Invalid params', 1, '"key" must be hex bytes that start with 0x, got an object'),
  ],
  [
    'a named parameter that comes twice',
    '{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":{"key":"0x01","key":"0x02"}}',
    error(-32602, 'Invalid params', 1, '"key" comes twice'),
  ],
  [
    'a named parameter that comes twice, with escapes, and alone when the others do not',
    `[${NAMED_ONCE},{"params":{"key":"0x03","\\u006bey":"0x02"},"jsonrpc":"2.0","id":1,"method":"state_getStorage"},${NAMED_ONCE}]`,
    [stored(2), error(-32602, 'Invalid params', 1, '"key" comes twice'), stored(2)],
  ],
  [
    'a named parameter under both its names',
    text(call(1, 'state_getKeysPaged', { prefix: '0x', count: 1, start_key: '0x', startKey: '0x' })),
    error(-32602, 'Invalid params', 1, '"startKey" comes twice'),
  ],
  [
    'a named parameter twice that the method does not have',
    '{"jsonrpc":"2.0","id":2,"method":"state_getStorage","params":{"x":1,"key":"0x03","x":{"key":1,"key":2}}}',
    stored(2),
  ],
  [
    'named parameters twice of a method that has none',
    '{"jsonrpc":"2.0","id":1,"method":"system_name","params":{"key":1,"key":2}}',
    named(1),
  ],
  ['the id null', text(call(null)), named(null)],
  ['an id that is text', text(call('a"b')), named('a"b')],
  ['members that nobody knows', text({ ...call(1), extra: [1] }), named(1)],
  ['an empty batch', '[]', INVALID],
  [
    'a batch too long',
    text([1, 2, 3, 4, 5].map((id) => call(id))),
    error(-32010, 'The batch request was too large', null, 'Exceeded max limit of 4'),
  ],
  [
    'a mixed batch',
    text([call(1), { jsonrpc: '2.0', method: 'system_name' }, call('b', 'nothing'), 5]),
    [named(1), error(-32601, 'Method not found', 'b'), INVALID],
  ],
  ['a batch of lists', '[[],[1]]', [INVALID, INVALID]],
  [
    'a request for more than may be answered',
    text(call(9, 'state_getStorage', ['0x02'])),
    error(-32008, 'Response is too big', 9, 'Exceeded max limit of 4096'),
  ],
  [
    'a batch whose answers together are too long',
    text([1, 2, 3].map((id) => call(id, 'state_getStorage', ['0x01']))),
    error(-32011, 'The batch response was too large', null, 'Exceeded max limit of 4096'),
  ],
  [
    'a request that is too long',
    text(call(1, 'x'.repeat(LIMITS.requestBytes))),
    error(-32007, 'Request is too big', null, `Exceeded max limit of ${LIMITS.requestBytes}`),
  ],
];

/** What stands for an id and is none: jsonrpsee has u64, text and null. */
const NO_IDS = [
  ...['-1', '-0', '1.5', '1.0', '1e2', '1E0', '18446744073709551616', '12345678901234567.5'],
  ...['-12345678901234567', '12345678901234567e1', 'true', '[]', '[1]', '{}', '1,"id":1', '1,"\\u0069d":2'],
];

describe('errors of JSON-RPC, as Substrate gives them', () => {
  let server: TestServer;
  beforeAll(async () => {
    const values = { '0x01': `0x${'ab'.repeat(1000)}`, '0x02': `0x${'ab'.repeat(4000)}`, '0x03': '0x33' };
    server = await serve(new FakeBackend(values), { limits: LIMITS });
  });
  afterAll(() => server.stop());

  it.each(CASES)('answers %s over a WebSocket', async (_what, message, answer) => {
    const { socket } = await server.connect();
    expect(await exchange(socket, message)).toEqual(answer);
    // The connection has not suffered.
    expect(await exchange(socket, text(call(2)))).toEqual(named(2));
  });

  it.each(CASES)('answers %s over HTTP', async (_what, message, answer) => {
    const { status, body } = await post(server.server.port, message);
    expect(JSON.parse(body)).toEqual(answer);
    expect(status).toBe(statusOf(message));
  });

  it.each(NO_IDS)('takes a request with the id %s for a notification', async (id) => {
    const request = `{"jsonrpc":"2.0","id":${id},"method":"system_name"}`;
    expect(await post(server.server.port, request)).toEqual({ status: 200, body: '' });
    const { socket } = await server.connect();
    socket.send(request);
    // To the first there is no answer, in a batch neither.
    expect(await exchange(socket, `[${request},{"jsonrpc":"2.0","id":1,"method":"system_name"}]`)).toEqual([
      named(1),
    ]);
  });

  it.each(NO_IDS)('has nothing to send back to what is no request either with the id %s', async (id) => {
    const { port } = server.server;
    expect(JSON.parse((await post(port, `{"id":${id},"method":"system_name"}`)).body)).toEqual(PARSE);
    expect(JSON.parse((await post(port, `[{"id":${id}}]`)).body)).toEqual([INVALID]);
  });

  it('keeps no answer back from a batch of notifications alone: there is none', async () => {
    const notifications = text([{ jsonrpc: '2.0', method: 'system_name' }]);
    expect(await post(server.server.port, notifications)).toEqual({ status: 200, body: '' });
  });

  it('closes a WebSocket whose message is far too long, with 1009', async () => {
    const client = await server.connect();
    const closed = client.closed();
    client.socket.send('x'.repeat(LIMITS.requestBytes * 2 + 1));
    expect(await closed).toBe(1009);
  });

  it('closes a WebSocket that sends text which is no UTF-8, with 1007', async () => {
    const client = await server.connect();
    const closed = client.closed();
    client.socket.send(Uint8Array.of(0x7b, 0xff), { binary: false });
    expect(await closed).toBe(1007);
  });
});

/** Bytes that are no text go as a binary message, which is read all the same. */
function exchange(socket: WebSocket, message: Uint8Array | string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once('close', (code) => reject(new Error(`The server closed the connection with ${code}`)));
    socket.once('message', (data) => resolve(JSON.parse((data as Buffer).toString('utf8'))));
    socket.send(message);
  });
}

function statusOf(message: Uint8Array | string): number {
  const bytes = Buffer.from(message);
  if (bytes.length > LIMITS.requestBytes) return 413;
  return /^\s{0,127}[[{]/.test(bytes.toString('latin1')) ? 200 : 400;
}

function post(port: number, body: Uint8Array | string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest({ port, method: 'POST', headers }, (response) => {
      const chunks: Uint8Array[] = [];
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
