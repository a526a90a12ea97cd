import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

/** What a healthy server answers within, on a machine that is busy with other things. */
const PROMPT_MS = 5_000;
const RUNS = { numRuns: 40, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false } as const;
const HEX = '0x0102030405060708091011121314151617181920212223242526272829303132';

/** Methods and parameters that come near to what is right, so that mutations get deep into the server. */
const method = fc.constantFrom(
  'state_getStorage',
  'state_getKeysPaged',
  'state_queryStorageAt',
  'state_subscribeStorage',
  'state_call',
  'state_getReadProof',
  'childstate_getKeysPaged',
  'chain_getBlockHash',
  'chain_getBlock',
  'chain_subscribeNewHeads',
  'chain_unsubscribeNewHeads',
  'author_submitExtrinsic',
  'author_submitAndWatchExtrinsic',
  'payment_queryInfo',
  'system_accountNextIndex',
  'chainHead_v1_follow',
  'chainHead_v1_storage',
  'chainHead_v1_unpin',
  'archive_v1_storage',
  'archive_v1_hashByHeight',
  'transaction_v1_broadcast',
  'transactionWatch_v1_submitAndWatch',
  'rpc_methods',
);
const param = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '0x',
    HEX,
    `${HEX}00`,
    '0xz',
    [],
    [HEX],
    {},
    -1,
    2 ** 53,
    1e308,
    true,
    '\u0000',
  ),
  fc.jsonValue(),
);
const request = fc.record(
  {
    jsonrpc: fc.constantFrom<unknown>('2.0', '2.0', '2.0', '1.0', 2),
    id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
    method: fc.oneof({ weight: 9, arbitrary: method }, { weight: 1, arbitrary: fc.string() }),
    params: fc.oneof(fc.array(param, { maxLength: 6 }), param),
  },
  { requiredKeys: [] },
);
const message = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json().map((text) => Buffer.from(text)),
  request.map((value) => Buffer.from(JSON.stringify(value))),
  fc.array(request, { maxLength: 5 }).map((value) => Buffer.from(JSON.stringify(value))),
  fc
    .tuple(request, fc.nat(), fc.nat(255))
    .map(([value, at, byte]) => mutated(Buffer.from(JSON.stringify(value)), at, byte)),
);

describe('the RPC server under hostile input', () => {
  let backend: FakeBackend;
  let server: TestServer;
  beforeAll(async () => {
    backend = new FakeBackend({ '0xaa01': '0x01' });
    server = await serve(backend, { limits: { requestBytes: 100_000, subscriptionsPerConnection: 32 } });
  });
  afterAll(() => server.stop());

  /** The node is well when it answers somebody new at once, and met nothing that it had not foreseen. */
  async function expectWell(): Promise<void> {
    const url = `http://127.0.0.1:${server.server.port}/health`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROMPT_MS) });
    expect(await answer.json()).toMatchObject({ isSyncing: false });
    expect(server.faults).toEqual([]);
  }

  it(
    'answers every message over a WebSocket with JSON-RPC, or nothing, and lives',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (messages) => {
          const answers = await converse(server.server.port, messages);
          for (const answer of answers) expect(isJsonRpc(answer), JSON.stringify(answer)).toBe(true);
          await expectWell();
        }),
        RUNS,
      );
    },
  );

  it('answers every POST with JSON-RPC, or nothing, and lives', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(message, async (body) => {
        const headers = { 'content-type': 'application/json' };
        const url = `http://127.0.0.1:${server.server.port}`;
        const answer = await fetch(url, { method: 'POST', headers, body: Uint8Array.from(body) });
        const text = await answer.text();
        expect([200, 400]).toContain(answer.status);
        expect(text === '' || isJsonRpc(JSON.parse(text)), text).toBe(true);
        await expectWell();
      }),
      RUNS,
    );
  });

  it(
    'closes on bytes that are neither HTTP nor WebSocket frames, and lives',
    { timeout: 60_000 },
    async () => {
      const upgrade =
        'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
      await fc.assert(
        fc.asyncProperty(
          fc.boolean(),
          fc.uint8Array({ minLength: 1, maxLength: 500 }),
          async (frames, bytes) => {
            await spit(server.server.port, frames ? Buffer.concat([Buffer.from(upgrade), bytes]) : bytes);
            await expectWell();
          },
        ),
        RUNS,
      );
    },
  );

  it('keeps nothing of clients that subscribe to all and break off', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 10 }, () => open(server.server.port)));
      for (const socket of sockets) flood(socket);
      backend.add();
      for (const socket of sockets) socket.terminate();
      await expectWell();
    }
    await expect.poll(() => server.server.connections()).toBe(0);
    expect(server.server.subscriptions()).toBe(0);
  });
});

function mutated(bytes: Buffer, at: number, byte: number): Buffer {
  if (bytes.length > 0) bytes[at % bytes.length] = byte;
  return bytes;
}

/** An answer, a notification, or a list of answers. */
function isJsonRpc(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isJsonRpc);
  const { jsonrpc, error, ...rest } = value as { jsonrpc?: unknown; error?: { code: unknown } };
  const answered = error ? Number.isInteger(error.code) : 'result' in rest || 'params' in rest;
  return jsonrpc === '2.0' && answered;
}

function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

const LAST = 'the last of them';

/** Sends all, and answers what came back before the answer to a last question; a server that closes has answered all. */
async function converse(port: number, messages: readonly Uint8Array[]): Promise<unknown[]> {
  const socket = await open(port);
  const answers: unknown[] = [];
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.on('message', (data) => {
      const answer = JSON.parse((data as Buffer).toString('utf8')) as { id?: unknown };
      answers.push(answer);
      if (answer.id === LAST) resolve();
    });
    for (const each of messages) socket.send(each);
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: LAST, method: 'system_name', params: [] }));
  });
  socket.terminate();
  return answers;
}

function spit(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('error', () => resolve());
    socket.resume().on('close', () => resolve());
    // A frame whose rest never comes is waited for: the client breaks off.
    socket.setTimeout(200, () => socket.destroy());
  });
}

function flood(socket: WebSocket): void {
  const methods = [
    'chain_subscribeNewHeads',
    'chainHead_v1_follow',
    'state_subscribeStorage',
    'transaction_v1_broadcast',
  ];
  const params = [[], [true], [['0xaa01']], ['0x0102']];
  for (let id = 0; id < 200; id += 1) {
    const index = id % methods.length;
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: methods[index], params: params[index] }));
  }
}
