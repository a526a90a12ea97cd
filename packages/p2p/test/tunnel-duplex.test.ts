import { createHash, randomBytes } from 'node:crypto';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Lane } from '../src/lane/lane.ts';
import { TunnelDuplex } from '../src/tunnel/tunnel-duplex.ts';

/** The same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const closed = (end: Duplex): Promise<void> =>
  end.closed ? Promise.resolve() : new Promise((resolve) => end.on('close', resolve));

const turn = (): Promise<void> => new Promise(setImmediate);

/** Two ends of a tunnel over a stream, and a lane that is there for them. */
function pair() {
  const [nearStream, farStream] = duplexPair({ highWaterMark: 1000 });
  const [nearLane, farLane] = duplexPair({ highWaterMark: 1000 });
  const near = new TunnelDuplex(nearStream);
  const far = new TunnelDuplex(farStream);
  for (const end of [near, far]) end.on('error', () => undefined);
  return {
    near,
    far,
    lanes: [nearLane, farLane] as const,
    move() {
      far.goOn(new Lane(farLane), 'leads');
      near.goOn(new Lane(nearLane), 'follows');
    },
  };
}

interface Speech {
  readonly from: Duplex;
  readonly to: Duplex;
  readonly roll: (below: number) => number;
}

/** Says some thousand bytes in pieces of any size, at any time, and ends; resolves when the other has heard the end. */
async function speak({ from, to, roll }: Speech): Promise<{ said: string; heard: string }> {
  const said = createHash('sha256');
  const heard = createHash('sha256');
  const ended = new Promise<void>((resolve, reject) => to.on('error', reject).on('end', resolve));
  ended.catch(() => undefined);
  to.on('data', (bytes: Buffer) => {
    heard.update(bytes);
    if (roll(10) > 0) return;
    to.pause();
    setImmediate(() => to.resume());
  });
  for (let pieces = roll(60); pieces > 0; pieces -= 1) {
    const piece = randomBytes(1 + roll(4000));
    said.update(piece);
    from.write(piece);
    if (roll(3) === 0) await turn();
  }
  from.end();
  await ended;
  return { said: said.digest('hex'), heard: heard.digest('hex') };
}

describe('a tunnel that goes on by a lane', () => {
  test('says everything once and in order, wherever either end changes over and whoever ends first', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const roll = dice(seed);
      const { near, far, move } = pair();
      const both = [speak({ from: near, to: far, roll }), speak({ from: far, to: near, roll })];
      for (let turns = roll(40); turns > 0; turns -= 1) await turn();
      move();
      for (const { said, heard } of await Promise.all(both)) expect(heard, `seed ${seed}`).toBe(said);
      await Promise.all([near, far].map((end) => closed(end)));
    }
  });

  test('is never taken for whole when the lane breaks: what has ended was said, or both ends fail', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const roll = dice(seed);
      const { near, far, lanes, move } = pair();
      const both = [speak({ from: near, to: far, roll }), speak({ from: far, to: near, roll })];
      const results = Promise.allSettled(both);
      for (let turns = roll(20); turns > 0; turns -= 1) await turn();
      move();
      for (let turns = roll(20); turns > 0; turns -= 1) await turn();
      for (const lane of lanes) lane.destroy();
      for (const result of await results) {
        if (result.status === 'fulfilled') expect(result.value.heard, `seed ${seed}`).toBe(result.value.said);
        else expect(result.reason, `seed ${seed}`).toMatchObject({ code: 'CONNECTION_LOST' });
      }
    }
  });

  test('does not believe a lane that breaks the rules', async () => {
    const rules: [string, Buffer][] = [
      ['data before the change', Buffer.from([2, 0, 0, 0, 1, 65])],
      ['an end before the change', Buffer.from([3, 0, 0, 0, 0])],
      ['thanks for what was not said', Buffer.from([4, 0, 0, 0, 0])],
      ['a kind that is none', Buffer.from([9, 0, 0, 0, 0])],
      ['a change of a wrong length', Buffer.from([1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0])],
    ];
    for (const [what, words] of rules) {
      const { near, far, lanes } = pair();
      far.goOn(new Lane(lanes[1]), 'leads');
      const failed = new Promise((resolve) => far.on('close', () => resolve(far.errored)));
      lanes[0].resume().write(words);
      expect(await failed, what).toMatchObject({ code: 'CONNECTION_LOST' });
      near.destroy();
    }
  });
});
