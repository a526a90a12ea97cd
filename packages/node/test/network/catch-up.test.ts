import { describe, expect, it } from 'vitest';
import type { Peer } from '../../src/network/peers.ts';
import { CatchUp, type CatchUpParts } from '../../src/network/sync/catch-up.ts';
import { recorder } from '../core/harness.ts';

const ROUND = 6_000;

const answers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An author with `best` blocks, whose peers claim `highest`, at a time that the test sets. */
function author(parts: { best?: number; ageMs?: number; bootnodes?: readonly string[] }) {
  const { best = 5, ageMs = 0, bootnodes = ['hub'] } = parts;
  const scene = { now: 1_000, best, highest: best, hidden: 0, peers: [] as string[] };
  const { logger, lines } = recorder();
  const given: CatchUpParts = {
    chain: {
      best: () => ({ hash: '0x', number: scene.best }),
      pace: () => ({ ageMs, roundMs: ROUND }),
    },
    peers: { full: () => scene.peers.map((id) => ({ id }) as Peer) },
    limits: { witnessMs: 40_000 },
    bootnodes: new Set(bootnodes),
    highest: () => Math.max(scene.best, scene.highest),
    isLast: async () => scene.best >= scene.hidden,
    logger,
    now: () => scene.now,
  };
  const catchUp = new CatchUp(given);
  /** Whether it may begin, now that peers had time to answer. */
  const isDone = async (): Promise<boolean> => {
    catchUp.isDone();
    await answers();
    const isDone = catchUp.isDone();
    await answers();
    return isDone;
  };
  return Object.assign(scene, { isDone, lines });
}

describe('an author', () => {
  it.each([
    ['of a new chain', { best: 0, ageMs: 1e12 }],
    ['that was away for a moment', { ageMs: 59_000 }],
  ])('%s begins at once where it has no boot nodes', async (_which, parts) => {
    expect(await author({ ...parts, bootnodes: [] }).isDone()).toBe(true);
  });

  it('whose best block is old listens to anybody first, also without boot nodes', async () => {
    const scene = author({ ageMs: 61_000, bootnodes: [] });
    scene.now += 3 * ROUND;
    expect(await scene.isDone()).toBe(false);
    scene.peers = ['anybody'];
    expect(await scene.isDone()).toBe(true);
  });

  it('listens to a boot node for three rounds, and to nobody else', async () => {
    const scene = author({});
    scene.peers = ['anybody'];
    scene.now += 3 * ROUND;
    expect(await scene.isDone()).toBe(false);
    const other = author({});
    other.peers = ['hub'];
    other.now += 3 * ROUND - 1;
    expect(await other.isDone()).toBe(false);
    other.now += 1;
    expect(await other.isDone()).toBe(true);
  });

  it('takes all the blocks that there are first, as long as they come, and never stops because of a claim later', async () => {
    const scene = author({});
    scene.peers = ['hub'];
    scene.highest = 8;
    for (; scene.best < 8; scene.best++) {
      scene.now += 39_000;
      expect(await scene.isDone()).toBe(false);
    }
    expect(await scene.isDone()).toBe(true);
    scene.highest = 4_000_000_000;
    expect(await scene.isDone()).toBe(true);
    expect(scene.lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('asks once more at the end, since news may have been lost', async () => {
    const scene = author({});
    scene.peers = ['hub'];
    scene.hidden = 7;
    scene.now += 3 * ROUND;
    expect(await scene.isDone()).toBe(false);
    scene.best = 7;
    expect(await scene.isDone()).toBe(true);
  });

  it.each([
    ['nobody answers', [], 'No other node could be asked'],
    ['a claim is all that comes', ['hub'], 'Peers claim to have blocks, and do not send them'],
  ])('waits for no longer than its patience when %s, and says so', async (_when, peers, sentence) => {
    const scene = author({});
    Object.assign(scene, { peers, highest: 9 });
    scene.now += 39_999;
    expect(await scene.isDone()).toBe(false);
    scene.now += 1;
    expect(await scene.isDone()).toBe(true);
    expect(scene.lines).toEqual([{ level: 'warn', message: expect.stringContaining(sentence) as string }]);
  });
});
