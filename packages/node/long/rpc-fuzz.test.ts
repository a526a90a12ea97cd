import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EXAMPLES, type Known } from '../test/clients/support/method-examples.ts';
import { type RealChain, startRealChain } from '../test/clients/support/real-chain.ts';
import { signedTransfers } from '../test/clients/support/signed-transfer.ts';
import type { TestClient } from '../test/rpc/support/client.ts';

/** All the methods of one run are answered within this, on a machine that is busy with other things. */
const PROMPT_MS = 20_000;
const RUNS = 60;
/** Makes as many blocks as it is asked for, which takes its time rightly. */
const SLOW = 'dev_newBlock';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, '', '0x', '0x0', '0xzz', '\u0000', '\ud800', 'x'.repeat(10_000)),
  fc.constantFrom<unknown>(-1, 0, 1.5, 2 ** 32, 2 ** 53, 1e308, -0, true, [], {}, [[]], [null], {
    key: null,
  }),
  fc.constantFrom<unknown>(
    `0x${'00'.repeat(32)}`,
    `0x${'ff'.repeat(32)}`,
    `0x${'ab'.repeat(5000)}`,
    '0x3a636f6465',
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What has to be changed in the parameters of an example: which one, and what takes its place or stands behind them. */
const change = fc.record({ at: fc.nat(5), value: hostile, drop: fc.nat(9) });

const changed = (
  params: readonly unknown[],
  { at, value, drop }: { at: number; value: unknown; drop: number },
) => {
  const copy = [...params];
  copy[Math.min(at, copy.length)] = value;
  return drop === 0 ? copy.slice(0, at) : copy;
};

describe('every method of a real node, given what nobody should give it', () => {
  let chain: RealChain;
  let client: TestClient;
  let known: Known;
  let methods: readonly string[];

  beforeAll(async () => {
    chain = await startRealChain(1000, { manualSeal: true });
    client = await chain.connect();
    await client.call('dev_newBlock');
    const transfers = await signedTransfers(chain.url, [0, 1, 2, 3]);
    await client.call('author_submitExtrinsic', [transfers[0]?.hex]);
    const best = await client.call<string>('dev_newBlock');
    const follow = await client.call<string>('chainHead_v1_follow', [true]);
    known = { genesis: chain.node.backend.genesisHash, best, follow, transfers };
    const listed = await client.call<{ methods: string[] }>('rpc_methods');
    methods = listed.methods.filter((name) => name !== SLOW);
  });
  afterAll(() => chain?.stop());

  it(
    'answers each with JSON-RPC, never with a fault of its own, and goes on',
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 3 }), async (changes) => {
          const requests = methods.flatMap((method) =>
            changes.map((each) => ({
              method,
              params: changed(EXAMPLES[method]?.(known).params ?? [], each),
            })),
          );
          const answers = await converse(chain.port, requests);
          for (const [index, answer] of answers.entries()) {
            const asked = JSON.stringify(requests[index]).slice(0, 500);
            expect(answer.error === undefined, asked).toBe('result' in answer);
            expect(answer.error?.code, asked).not.toBe(-32603);
          }
        }),
        { numRuns: RUNS, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false },
      );
      expect(await client.call('dev_newBlock')).toMatch(/^0x/);
    },
  );
});

/** Asks all on one connection of its own, and answers what came back in the order of the questions. */
async function converse(port: number, requests: readonly object[]): Promise<readonly Answer[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const answers = new Map<number, Answer>();
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(missing(requests, answers))), PROMPT_MS);
      socket.once('error', reject);
      socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.once('open', () => {
        for (const [id, each] of requests.entries())
          socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...each }));
      });
      socket.on('message', (data) => {
        const answer = JSON.parse(String(data)) as Partial<Answer>;
        if (typeof answer.id !== 'number') return;
        answers.set(answer.id, answer as Answer);
        if (answers.size < requests.length) return;
        clearTimeout(late);
        resolve();
      });
    });
  } finally {
    socket.removeAllListeners('close').terminate();
  }
  return requests.map((_each, id) => answers.get(id)!);
}

const missing = (requests: readonly object[], answers: ReadonlyMap<number, Answer>): string =>
  `No answer to ${JSON.stringify(requests.find((_each, id) => !answers.has(id))).slice(0, 500)}`;
