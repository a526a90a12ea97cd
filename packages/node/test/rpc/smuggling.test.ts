import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const NAME = '{"jsonrpc":"2.0","id":1,"method":"system_name"}';
const CHAIN = '{"jsonrpc":"2.0","id":2,"method":"system_chain"}';
const START = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const LENGTH = `Content-Length: ${NAME.length}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** A second request, for whoever takes the first one to be shorter than another does. */
const HIDDEN = `${START}Content-Length: ${CHAIN.length}\r\nConnection: close\r\n\r\n${CHAIN}`;
const POST_CHAIN = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n';

/** Requests about whose end a proxy and a server could be of two minds. */
const AMBIGUOUS: readonly (readonly [what: string, bytes: string])[] = [
  ['a length and chunks', `${START}${LENGTH}${CHUNKED}\r\n${chunk(NAME)}0\r\n\r\n${HIDDEN}`],
  ['chunks and a length', `${START}${CHUNKED}${LENGTH}\r\n${chunk(NAME)}0\r\n\r\n${HIDDEN}`],
  ['two lengths', `${START}Content-Length: 0\r\n${LENGTH}\r\n${NAME}${HIDDEN}`],
  ['a length with a sign', `${START}Content-Length: +${NAME.length}\r\n\r\n${NAME}${HIDDEN}`],
  ['a length in a list', `${START}Content-Length: ${NAME.length}, ${NAME.length}\r\n\r\n${NAME}${HIDDEN}`],
  ['a length beyond all lengths', `${START}Content-Length: ${'9'.repeat(30)}\r\n\r\n${NAME}${HIDDEN}`],
  ['an encoding that ends in no chunks', `${START}Transfer-Encoding: chunked, identity\r\n\r\n${HIDDEN}`],
  ['an encoding with a mark before it', `${START}Transfer-Encoding: \vchunked\r\n${LENGTH}\r\n${HIDDEN}`],
  ['a space before the colon', `${START}Content-Length : ${NAME.length}\r\n\r\n${NAME}${HIDDEN}`],
  ['a header that goes on in the next line', `${START}X: a\r\n ${LENGTH}\r\n${NAME}${HIDDEN}`],
  ['lines that end in LF alone', `${START}${LENGTH}\r\n`.replaceAll('\r\n', '\n') + NAME + HIDDEN],
  ['NUL in a header', `${START}X: a\0b\r\n${LENGTH}\r\n${NAME}${HIDDEN}`],
  ['a chunk without end', `${START}${CHUNKED}\r\n${'f'.repeat(17)}\r\n${NAME}${HIDDEN}`],
  ['a chunk longer than it says', `${START}${CHUNKED}\r\n1\r\n${NAME}\r\n0\r\n\r\n${HIDDEN}`],
  ['no host', `${START.replace('Host: localhost\r\n', '')}${LENGTH}\r\n${NAME}${HIDDEN}`],
  ['headers without end', `${START}${`X: ${'y'.repeat(1000)}\r\n`.repeat(20)}${LENGTH}\r\n${NAME}`],
];

/** Requests that are refused before their bodies are read: these are bodies all the same, and nothing that is asked. */
const REFUSED: readonly (readonly [what: string, status: number, bytes: string])[] = [
  ['of a foreign type', 415, POST_CHAIN],
  ['from a foreign page', 403, `${START}Origin: https://evil.example\r\n`],
  ['with another verb', 405, START.replace('POST', 'PUT')],
  ['that is too long', 413, START],
];

describe('requests that mean one thing to a proxy and another to a server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve(new FakeBackend(), { limits: { requestBytes: 2_000 } });
  });
  afterAll(() => server.stop());

  it.each(AMBIGUOUS)('are refused and end the connection: %s', async (_what, bytes) => {
    const answers = await talk(server.server.port, bytes);
    expect(answers).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answers).not.toContain('Hamster');
  });

  it.each(REFUSED)('are not read out of the body of one %s', async (_what, status, head) => {
    const inner = `${HIDDEN}${' '.repeat(2_000)}`;
    const answers = await talk(
      server.server.port,
      `${head}Content-Length: ${inner.length}\r\n\r\n${inner}${HIDDEN}`,
    );
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, code]) => Number(code));
    // The one behind the body may be answered, if the connection lasts; the one in it never.
    expect([[status], [status, 200]]).toContainEqual(statuses);
  });

  it('are answered one by one when they come at once', async () => {
    const answers = await talk(server.server.port, `${START}${LENGTH}\r\n${NAME}`.repeat(50) + HIDDEN);
    expect(answers.match(/Hamster Node/g)).toHaveLength(50);
    expect(answers.lastIndexOf('Hamster Development')).toBeGreaterThan(answers.lastIndexOf('Hamster Node'));
  });
});

/** Sends text as it is, and answers all that comes back until the server closes. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.setEncoding('latin1').on('data', (data: string) => (received += data));
    // A server that closes on bytes which it did not read resets the connection.
    socket.on('error', () => undefined).once('close', () => resolve(received));
  });
}
