import { createPinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, effectScope } from 'vue';
import { CONNECT_CHAIN, PAGE, type Page } from '../src/chain/keys.ts';
import type { Lease } from '../src/chain/types.ts';
import { useSession } from '../src/chain/session.store.ts';
import type { DaemonForward, DaemonLease } from '../src/features/daemon/answers.ts';
import { DaemonApi } from '../src/features/daemon/daemon.api.ts';
import { useDaemon } from '../src/features/daemon/daemon.store.ts';
import { DaemonProblem } from '../src/features/daemon/problem.ts';
import { useForwards } from '../src/features/daemon/use-forwards.ts';

const GENESIS = '0x01';
const FIRST = { url: 'http://127.0.0.1:1', token: 'a'.repeat(43) };
const SECOND = { url: 'http://127.0.0.1:2', token: 'b'.repeat(43) };
const lease = { id: 1 } as Lease;
const NOTHING = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const forward = (id: string) => ({ id, lease: 1 }) as DaemonForward;

/** What each daemon was last asked for its forwards, to be answered by the test. */
let asked: PromiseWithResolvers<DaemonForward[]>[];
let end: () => void;

/** What a machine's page has of the daemon, from its first look. */
function open() {
  const app = createApp({});
  const pinia = createPinia();
  app.provide(CONNECT_CHAIN, () => Promise.reject(new TypeError('no chain is needed')));
  app.provide(PAGE, { daemon: { tab: NOTHING, browser: NOTHING } } as unknown as Page);
  app.use(pinia);
  const scope = effectScope();
  end = () => scope.stop();
  return app.runWithContext(() =>
    scope.run(() => {
      useSession(pinia).identity = { genesisHash: GENESIS } as never;
      return { daemon: useDaemon(pinia), shown: useForwards(() => lease) };
    }),
  )!;
}

beforeEach(() => {
  asked = [];
  // Nobody looks, so that the page asks when the test does, and not again and again.
  vi.stubGlobal('document', { hidden: true });
  vi.spyOn(DaemonApi.prototype, 'status').mockResolvedValue({
    version: '1',
    genesisHash: GENESIS,
    address: '5F',
  });
  vi.spyOn(DaemonApi.prototype, 'lease').mockResolvedValue({ connection: 'connected' } as DaemonLease);
  vi.spyOn(DaemonApi.prototype, 'forwards').mockImplementation(() => {
    const answer = Promise.withResolvers<DaemonForward[]>();
    asked.push(answer);
    return answer.promise;
  });
});
afterEach(() => {
  end();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('what a daemon says after another was connected is not shown as the other’s', async () => {
  const { daemon, shown } = open();
  await daemon.connect(FIRST, false);
  await expect.poll(() => asked).toHaveLength(1);
  asked[0]?.resolve([forward('old')]);
  await expect.poll(() => shown.known.value).toBe(true);
  const refreshed = shown.refresh();
  await expect.poll(() => asked).toHaveLength(2);
  await daemon.connect(SECOND, false);
  expect([shown.known.value, shown.way.value, shown.forwards.value]).toEqual([false, undefined, []]);
  await expect.poll(() => asked).toHaveLength(3);
  asked[2]?.resolve([forward('new')]);
  await expect.poll(() => shown.known.value).toBe(true);
  asked[1]?.resolve([forward('old')]);
  await refreshed;
  expect(shown.forwards.value).toEqual([forward('new')]);
});

it('a question that fails after the daemon was disconnected is nobody’s trouble', async () => {
  const { daemon, shown } = open();
  await daemon.connect(FIRST, false);
  await expect.poll(() => asked).toHaveLength(1);
  const refreshed = shown.refresh();
  await expect.poll(() => asked).toHaveLength(2);
  daemon.forget();
  asked[1]?.reject(new DaemonProblem('away'));
  await refreshed;
  expect([daemon.phase, daemon.problem, shown.known.value]).toEqual(['none', undefined, false]);
});
