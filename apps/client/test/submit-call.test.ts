import { describe, expect, it } from 'vitest';
import type { ChainClient } from '@hamster/chain-client';
import type { Context } from '../src/cli/context.ts';
import type { Run } from '../src/cli/program.ts';
import { cancelCommand } from '../src/commands/orders.ts';
import { submitCall } from '../src/commands/submit-call.ts';
import { fakeContext } from './support/context.ts';

/** A person whose transaction is with a node that never answers; `leave` is Ctrl-C. */
function waiting(unlock: () => Promise<unknown>) {
  const interrupts = new AbortController();
  const told: string[] = [];
  const sent = Promise.withResolvers<undefined>();
  const submit = (_call: unknown, _pair: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      sent.resolve(undefined);
    });
  const context = {
    ...fakeContext({ home: '/nowhere' }),
    signal: interrupts.signal,
    chain: () => Promise.resolve({ submit }),
    account: () => Promise.resolve({ address: 'me', unlock }),
    tell: (text: string) => void told.push(text),
  } as unknown as Context;
  return { context, told, sent: sent.promise, leave: () => interrupts.abort(new Error('Stopped.')) };
}

describe('leaving while a transaction is under way', () => {
  it('says that it may be done all the same, and where to look', async () => {
    const { context, told, sent, leave } = waiting(() => Promise.resolve({}));
    const outcome = submitCall(context, {} as never, { look: 'hamster orders' });
    await sent;
    leave();
    await expect(outcome).rejects.toThrow('Stopped.');
    expect(told).toEqual([expect.stringMatching(/may be done all the same.*hamster orders/)]);
  });

  it('says nothing of it before anything was signed', async () => {
    const passphrase = Promise.withResolvers<unknown>();
    const { context, told, leave } = waiting(() => passphrase.promise);
    const outcome = submitCall(context, {} as never, { look: 'hamster orders' });
    leave();
    passphrase.resolve({});
    await expect(outcome).rejects.toThrow('Stopped.');
    expect(told).toEqual([]);
  });
});

it('an order that is not there is not withdrawn, and costs no fee', async () => {
  const { context } = waiting(() => Promise.resolve({}));
  const chain = { ...(await context.chain()), order: async () => undefined } as unknown as ChainClient;
  const run: Run =
    (handler) =>
    async (...args) =>
      void (await handler({ ...context, chain: async () => chain }, ...args));
  const cancelling = cancelCommand(run).parseAsync(['9'], { from: 'user' });
  await expect(cancelling).rejects.toMatchObject({
    code: 'NO_SUCH_ORDER',
    message: expect.stringContaining('hamster orders'),
  });
});
