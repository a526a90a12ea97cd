import { setTimeout as wait } from 'node:timers/promises';
import { describe, test, type TestContext } from 'vitest';
import { startPeer, type Peer } from './support/peer.ts';

/** Longer than anybody waits for a sign of life: by then the other side has given up. */
const SLEEP_MS = 50_000;
/** It takes seconds, but more of them on a busy machine. */
const RECONNECT_MS = 60_000;
const MEBIBYTE = 1 << 20;

/** A client that reaches its provider through a gateway, and holds a tunnel. */
async function bed({ onTestFinished }: TestContext) {
  const started = (): Peer => {
    const peer = startPeer({ enter: ['env'] });
    onTestFinished(() => peer.kill());
    return peer;
  };
  const [gateway, provider, client] = [started(), started(), started()];
  const gateways = [await gateway.ask('gateway', { listen: '/ip4/127.0.0.1/tcp/0' })];
  const { peerId } = await provider.ask('provider', { gateways, listen: [], announce: [] });
  await client.ask('client', { gateways, provider: peerId });
  await client.ask('hold', {});
  return { gateway, provider, client };
}

/** Both at once, for they sleep most of the time. */
describe.concurrent('a host that slept for longer than a connection lives', () => {
  const isBackSoon = (who: 'client' | 'provider') => async (context: TestContext) => {
    const all = await bed(context);
    const broken = all.client.ask('broken', {});
    all[who].sleep();
    await wait(SLEEP_MS);
    all[who].wake();
    context.expect(await broken).toEqual({ code: 'CONNECTION_LOST' });
    await context.expect
      .poll(() => all.client.ask('transfer', { bytes: MEBIBYTE }).catch(String), { timeout: RECONNECT_MS })
      .toEqual({ whole: true });
  };

  const LIMIT_MS = 180_000;
  test(
    'as a client is back soon after it woke, and what ran is never taken for whole',
    isBackSoon('client'),
    LIMIT_MS,
  );
  test('as a provider, too', isBackSoon('provider'), LIMIT_MS);
});
