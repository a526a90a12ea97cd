import { ChainUnreachable, type ChainClient } from '@hamster/chain-client';
import { DaemonError } from '@hamster/daemon';
import { afterEach, describe, expect, test } from 'vitest';
import { keepChainSession, type ChainSession } from '../src/chain/chain-session.ts';
import { silent, until } from './support.ts';

const sessions: ChainSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.stop();
});

/** As much of a client as a session touches. */
function fakeClient() {
  const closed = Promise.withResolvers<undefined>();
  const client = { closed: closed.promise, close: async () => closed.resolve(undefined) };
  return { client: client as unknown as ChainClient, end: () => closed.resolve(undefined) };
}

function session(connects: (() => ChainClient)[], failures: unknown[] = []): ChainSession {
  const kept = keepChainSession({
    connect: async () => (connects.shift() ?? expect.fail('connected too often'))(),
    log: silent,
    fail: (error) => failures.push(error),
  });
  sessions.push(kept);
  return kept;
}

const forever = new AbortController().signal;

function thrower(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('a chain session', () => {
  test('waits for a chain that is not there yet', async () => {
    const { client } = fakeClient();
    const kept = session([thrower(new ChainUnreachable('away')), () => client]);
    expect(await kept.client(forever)).toBe(client);
  });

  test('takes a new client when the old one has given up', async () => {
    const first = fakeClient();
    const second = fakeClient();
    const kept = session([() => first.client, () => second.client]);
    expect(await kept.client(forever)).toBe(first.client);
    first.end();
    await first.client.closed;
    let now: ChainClient | undefined;
    await until(() => {
      void kept.client(forever).then((client) => (now = client));
      return now === second.client;
    });
  });

  test('tells what no retry can mend to the one who waits', async () => {
    const refused = new DaemonError('DEV_ACCOUNT_REFUSED', 'not here');
    await expect(session([thrower(refused)]).client(forever)).rejects.toBe(refused);
  });

  test('and later, when nobody waits, to the process', async () => {
    const failures: unknown[] = [];
    const first = fakeClient();
    const refused = new DaemonError('DEV_ACCOUNT_REFUSED', 'not here');
    const kept = session([() => first.client, thrower(refused)], failures);
    await kept.client(forever);
    first.end();
    await until(() => failures.length > 0);
    expect(failures).toEqual([refused]);
  });

  test('does not wait longer than it is told', async () => {
    const kept = session(Array.from({ length: 9 }, () => thrower(new ChainUnreachable('away'))));
    await expect(kept.client(AbortSignal.timeout(20))).rejects.toThrow('timeout');
  });
});
