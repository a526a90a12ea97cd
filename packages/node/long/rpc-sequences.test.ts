import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EXAMPLES, type Known } from '../test/clients/support/method-examples.ts';
import { type RealChain, startRealChain } from '../test/clients/support/real-chain.ts';
import { signedTransfers } from '../test/clients/support/signed-transfer.ts';

type Valued<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** All that one connection asks is answered within this, on a machine that is busy with other things. */
const PROMPT_MS = 20_000;

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    '0x',
    '0x0',
    '0xZZ',
    '\u0000',
    -1,
    0,
    1.5,
    2 ** 32,
    2 ** 53,
    2 ** 64,
    true,
  ),
  fc.constantFrom<unknown>([], {}, [[]], [null], `0x${'00'.repeat(32)}`, '0x3a636f6465', '0x26aa'),
  fc.constantFrom<unknown>(
    'value',
    'hash',
    'descendantsValues',
    'descendantsHashes',
    'closestDescendantMerkleValue',
  ),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
);

/** One request: an example of a method as it is, or with one thing in it changed, however deep it lies. */
const step = fc.record({
  method: fc.nat(),
  /** Changes nothing in four cases of ten. */
  chance: fc.nat(9),
  at: fc.nat(),
  value: odd,
  /** Instead of an id that an example makes up: one of this connection. */
  own: fc.nat(),
});
type Step = Valued<typeof step>;

/** Requests that are sent together, as a list or one by one. */
const burst = fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 12 }), isBatch: fc.boolean() });
const conversation = fc.record({
  bursts: fc.array(burst, { minLength: 1, maxLength: 8 }),
  /** Breaks off instead of reading what it asked for last. */
  leaves: fc.boolean(),
});

/** The places in a JSON value, itself the first. */
function* places(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly (string | number)[]> {
  yield path;
  if (Array.isArray(value)) for (const [at, each] of value.entries()) yield* places(each, [...path, at]);
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) yield* places(each, [...path, name]);
}

function withChange(
  value: unknown,
  [first, ...rest]: readonly (string | number)[],
  changed: unknown,
): unknown {
  if (first === undefined) return changed;
  if (Array.isArray(value)) {
    return value.map((each: unknown, at) => (at === first ? withChange(each, rest, changed) : each));
  }
  return Object.fromEntries(
    Object.entries(value as object).map(([name, each]) => [
      name,
      name === first ? withChange(each, rest, changed) : (each as unknown),
    ]),
  );
}

describe('connections that ask for everything in any order, on a chain that goes on', () => {
  let chain: RealChain;
  let known: Omit<Known, 'follow'>;
  let methods: readonly string[];

  beforeAll(async () => {
    chain = await startRealChain(1000, { manualSeal: true });
    const client = await chain.connect();
    await client.call('dev_newBlock');
    const transfers = await signedTransfers(chain.url, [0, 1, 2, 3]);
    await client.call('author_submitExtrinsic', [transfers[0]?.hex]);
    const best = await client.call<string>('dev_newBlock');
    known = { genesis: chain.node.backend.genesisHash, best, transfers };
    const listed = await client.call<{ methods: string[] }>('rpc_methods');
    methods = listed.methods;
    await client.close();
  });
  afterAll(() => chain?.stop());

  it(
    'are answered each once, without a fault, and nothing of them is left',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(conversation, { minLength: 1, maxLength: 4 }), async (conversations) => {
          await Promise.all(conversations.map((each) => converse(each)));
          await expect.poll(() => chain.server.server.connections()).toBe(0);
          expect(chain.server.server.subscriptions()).toBe(0);
          expect(chain.server.faults).toEqual([]);
        }),
        { numRuns: 200, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
      );
    },
  );

  /** Holds one of them, on a connection of its own. */
  async function converse({ bursts, leaves }: Valued<typeof conversation>): Promise<void> {
    const socket = await open(chain.port);
    try {
      const talk = new Talk(socket);
      const follow = await talk.follow();
      // What the examples ask of the first block, is asked of one that this connection has pinned.
      const own = { ...known, follow, genesis: talk.pinned ?? known.genesis };
      for (const [index, { steps, isBatch }] of bursts.entries()) {
        const requests = steps.map((each) => request(each, own, talk.ids));
        if (leaves && index === bursts.length - 1) return talk.send(requests, isBatch);
        await talk.ask(requests, isBatch);
      }
    } finally {
      socket.terminate();
    }
  }

  function request({ method, chance, at, value, own }: Step, all: Known, ids: readonly string[]): object {
    const name = methods[method % methods.length] ?? '';
    const { params } = EXAMPLES[name]?.(all) ?? { params: [] };
    // "x" stands for an id that nothing has.
    const mine = withIds(params, ids[own % Math.max(1, ids.length)] ?? 'x');
    const spots = [...places(mine)];
    const spot = spots[at % spots.length] ?? [];
    const isTooMany = name === 'dev_newBlock';
    return { method: name, params: chance < 4 || isTooMany ? mine : withChange(mine, spot, value) };
  }
});

function withIds(params: readonly unknown[], id: string): readonly unknown[] {
  return params.map((each) => (each === 'x' ? id : each));
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
  readonly params?: {
    readonly subscription: string;
    readonly result: { readonly event?: string; readonly finalizedBlockHashes?: readonly string[] };
  };
}

/** A connection, and what was asked on it. */
class Talk {
  /** Of subscriptions and operations, in the order in which they were answered. */
  readonly ids: string[] = [];
  /** The newest final block when it began to follow. */
  pinned: string | undefined;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, Answer>();
  #next = 0;
  #wake = (): void => undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Answer | Answer[];
      for (const each of Array.isArray(message) ? message : [message]) this.#take(each);
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  async follow(): Promise<string> {
    await this.ask([{ method: 'chainHead_v1_follow', params: [true] }], false);
    // Its first event comes behind its answer, and before the next one.
    await this.ask([{ method: 'system_name' }], false);
    return this.ids[0] ?? '';
  }

  /** Answers their ids. */
  send(requests: readonly object[], isBatch: boolean): void {
    const framed = requests.map((each) => ({ jsonrpc: '2.0', id: this.#next++, ...each }));
    if (isBatch) this.#socket.send(JSON.stringify(framed));
    else for (const each of framed) this.#socket.send(JSON.stringify(each));
  }

  async ask(requests: readonly object[], isBatch: boolean): Promise<void> {
    const first = this.#next;
    this.send(requests, isBatch);
    const late = AbortSignal.timeout(PROMPT_MS);
    while (this.#answers.size < this.#next) {
      const missing = requests.filter((_each, index) => !this.#answers.has(first + index));
      const open = this.#socket.readyState === WebSocket.OPEN;
      if (late.aborted || !open) throw new Error(`No answer to ${JSON.stringify(missing).slice(0, 2000)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        late.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    for (const [index, each] of requests.entries()) {
      const { error, result } = this.#answers.get(first + index) ?? {};
      const asked = JSON.stringify(each).slice(0, 500);
      expect(error === undefined, asked).toBe(result !== undefined);
      expect(error?.code, asked).not.toBe(-32603);
    }
  }

  #take(message: Answer): void {
    if (message.id === undefined) {
      const { event, finalizedBlockHashes } = message.params?.result ?? {};
      if (event === 'initialized') this.pinned ??= finalizedBlockHashes?.at(-1);
      return;
    }
    if (this.#answers.has(message.id)) throw new Error(`Answered twice: ${JSON.stringify(message)}`);
    this.#answers.set(message.id, message);
    const { result } = message;
    const started = (result as { operationId?: string } | null)?.operationId;
    if (typeof result === 'string' && /^[\w-]{16}$/.test(result)) this.ids.push(result);
    if (started !== undefined) this.ids.push(started);
  }
}

function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}
