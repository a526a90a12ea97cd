import type { Connection, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { providerStreams } from '../src/access/provider-streams.ts';
import { createIdentity, type GatewayAddress, type Host } from '../src/index.ts';
import { gatewaysInOrder } from '../src/routes/gateway-address.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Answer = 'answers' | 'refuses' | 'is silent';

const REFUSED_MS = 1_000;
const SILENT_MS = 5_000;

/** What a way does when it is asked for something. */
function does<T>(answer: Answer, value: T, signal: AbortSignal): Promise<T> {
  if (answer === 'answers') return Promise.resolve(value);
  if (answer === 'refuses') return Promise.reject(new RangeError('refused'));
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

/** A connection that gives a stream named after the way that it goes, or none. */
function connectionBy(way: string, answer: Answer): Connection {
  return {
    status: 'open',
    direct: false,
    abort: () => undefined,
    newStream: (_: string, { signal }: { signal: AbortSignal }) =>
      does(answer, { id: way } as Stream, signal),
  } as unknown as Connection;
}

interface Situation {
  /** The connection that there is already. */
  readonly present?: Answer;
  /** Gateways, in the order in which they are tried. */
  readonly gateways: readonly Answer[];
}

/** Opens a stream on a clock that goes only as far as somebody waits for it: which way it takes, and after how many ms. */
async function opened({ present, gateways: answers }: Situation): Promise<{ way: string; ms: number }> {
  const provider = (await createIdentity()).peerId;
  const gateways: GatewayAddress[] = [];
  for (const [index] of answers.entries()) {
    const { peerId } = await createIdentity();
    gateways.push({ peerId, multiaddrs: [`/ip4/203.0.113.${index + 1}/tcp/4001`] });
  }
  const ordered = gatewaysInOrder(provider, gateways);
  const by = (peerId: string | undefined): number => ordered.findIndex((each) => each.peerId === peerId);
  const there = present && connectionBy('present', present);
  const host = {
    libp2p: { getConnections: () => (there ? [there] : []) },
    dial: ([address]: Multiaddr[], signal: AbortSignal) => {
      const index = by(address?.getComponents().at(-1)?.value);
      return does(answers[index] ?? 'refuses', { id: index } as unknown as Connection, signal);
    },
    circuits: { connect: async ({ id }: Connection) => connectionBy(`gateway ${id}`, 'answers') },
  } as unknown as Host;
  const streams = providerStreams({ host, provider: { peerId: provider }, gateways: () => gateways });
  const begun = performance.now();
  let result: { way: string; ms: number } | undefined;
  const opening = streams.open('/protocol', new AbortController().signal).then(({ stream }) => {
    result = { way: stream.id, ms: performance.now() - begun };
  });
  while (!result) await vi.advanceTimersByTimeAsync(10);
  await opening;
  return result;
}

describe('the next stream goes another way', () => {
  test.each<[string, Situation, string]>([
    ['a gateway that refuses', { gateways: ['refuses', 'answers'] }, 'gateway 1'],
    [
      'eight gateways that refuse',
      { gateways: [...Array<Answer>(8).fill('refuses'), 'answers'] },
      'gateway 8',
    ],
    ['a connection that is refused', { present: 'refuses', gateways: ['refuses', 'answers'] }, 'gateway 1'],
  ])('within a second of %s', async (_, situation, way) => {
    const taken = await opened(situation);
    expect(taken.way).toBe(way);
    expect(taken.ms).toBeLessThanOrEqual(REFUSED_MS);
  });

  test.each<[string, Situation, string]>([
    ['a gateway that is silent', { gateways: ['is silent', 'answers'] }, 'gateway 1'],
    ['a connection that fell silent', { present: 'is silent', gateways: ['answers'] }, 'gateway 0'],
    [
      'a connection that fell silent with its gateway',
      { present: 'is silent', gateways: ['is silent', 'answers'] },
      'gateway 1',
    ],
    [
      'a connection and several gateways that are silent',
      { present: 'is silent', gateways: ['is silent', 'is silent', 'is silent', 'answers'] },
      'gateway 3',
    ],
  ])('within five seconds of %s', async (_, situation, way) => {
    const taken = await opened(situation);
    expect(taken.way).toBe(way);
    expect(taken.ms).toBeLessThanOrEqual(SILENT_MS);
  });
});
