import { afterEach, describe, expect, it } from 'vitest';
import type { Hash } from '../../src/header.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

/** Longer than a slice. */
function work(): void {
  const until = performance.now() + 3;
  while (performance.now() < until);
}

/** Says in which turns of the event loop it had to work. */
class SlowBackend extends FakeBackend {
  readonly worked: number[] = [];
  /** A value that takes long to write. */
  readonly #heavy = { toJSON: () => this.#work() };
  onWork: () => void = () => undefined;
  #round = 0;
  #counting = true;

  constructor() {
    super();
    Object.assign(this, { chainSpec: { ...this.chainSpec, properties: this.#heavy } });
    this.#count();
  }

  override ready(): Uint8Array[] {
    this.#work();
    return [];
  }

  override submit(): Promise<Hash> {
    return Promise.resolve(this.#heavy as unknown as Hash);
  }

  stop(): void {
    this.#counting = false;
  }

  #work(): string {
    this.worked.push(this.#round);
    this.onWork();
    work();
    return 'done';
  }

  #count(): void {
    this.#round += 1;
    if (this.#counting) setImmediate(() => this.#count());
  }
}

const request = (id: number, method: string) => ({ jsonrpc: '2.0', id, method, params: [] });

const batch = (from: number): string =>
  JSON.stringify([from, from + 1, from + 2].map((id) => request(id, 'author_pendingExtrinsics')));

describe('turns of those who ask', () => {
  let backend: SlowBackend;
  let server: TestServer;
  const start = async (): Promise<void> => {
    backend = new SlowBackend();
    server = await serve(backend);
  };

  afterEach(async () => {
    backend.stop();
    await server.stop();
  });

  const expectOneWorkInEachTurn = (works: number): void => {
    expect(backend.worked).toHaveLength(works);
    expect(new Set(backend.worked).size).toBe(works);
  };

  it('are one for each request of a batch, however many batches there are', async () => {
    await start();
    const client = await server.connect();
    for (const from of [10, 20, 30]) client.socket.send(batch(from));
    await client.call('system_name');
    const ids = client.received.flatMap((answer) =>
      Array.isArray(answer) ? answer.map(({ id }) => id) : [],
    );
    expect(ids).toEqual([10, 11, 12, 20, 21, 22, 30, 31, 32]);
    expectOneWorkInEachTurn(9);
  });

  it('are one for each request of a batch by POST', async () => {
    await start();
    const ask = async (from: number): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${server.server.port}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: batch(from),
      });
      return response.json();
    };
    await Promise.all([ask(10), ask(20)]);
    expectOneWorkInEachTurn(6);
  });

  it.each([
    ['is there at once', 'system_properties', []],
    ['comes later', 'author_submitExtrinsic', ['0x0400']],
  ])('are long enough for one answer that takes long to write and %s', async (_when, method, params) => {
    await start();
    const client = await server.connect();
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.call(method, params)));
    expect(answers).toEqual(Array(6).fill('done'));
    expectOneWorkInEachTurn(6);
  });

  it('are not left when who asked by POST is gone', async () => {
    await start();
    const gone = new AbortController();
    const asking = fetch(`http://127.0.0.1:${server.server.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 100 }, (_, id) => request(id, 'author_pendingExtrinsics'))),
      signal: gone.signal,
    });
    backend.onWork = () => gone.abort();
    await expect(asking).rejects.toThrow();
    const client = await server.connect();
    // Each of them is answered in a later turn of the event loop.
    for (let round = 0; round < 100; round++) await client.call('system_name');
    expect(backend.worked.length).toBeLessThan(100);
  });
});
