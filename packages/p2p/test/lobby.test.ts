import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lobby } from '../src/access/lobby.ts';

describe('the lobby of a protocol', () => {
  test('turns out the oldest of a peer that has too many, and nobody else’s', () => {
    const room = lobby({ perPeer: 2, total: 10 });
    const out: string[] = [];
    room.enter('renter', () => out.push('renter'));
    for (const name of ['a', 'b', 'c']) room.enter('stranger', () => out.push(name));
    expect(out).toEqual(['a']);
  });

  test('turns out who has most when it is full, and nobody who has left', () => {
    const room = lobby({ perPeer: 8, total: 4 });
    const out: string[] = [];
    const leave = room.enter('renter', () => out.push('renter'));
    for (const name of ['a', 'b', 'c', 'd']) room.enter('stranger', () => out.push(name));
    expect(out).toEqual(['a']);
    leave();
    leave();
    room.enter('other', () => out.push('other'));
    expect(out).toEqual(['a']);
    room.enter('another', () => out.push('another'));
    expect(out).toEqual(['a', 'b']);
  });

  test('never holds more than it may, whoever comes and goes', () => {
    const moves = fc.array(fc.record({ peer: fc.constantFrom('a', 'b', 'c', 'd'), stays: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(moves, (all) => {
        const bounds = { perPeer: 5, total: 12 };
        const room = lobby(bounds);
        const waiting = new Map<object, string>();
        for (const { peer, stays } of all) {
          const one = {};
          const leave = room.enter(peer, () => waiting.delete(one));
          waiting.set(one, peer);
          if (!stays) {
            leave();
            waiting.delete(one);
          }
          expect(waiting.size).toBeLessThanOrEqual(bounds.total);
          const own = [...waiting.values()].filter((each) => each === peer).length;
          expect(own).toBeLessThanOrEqual(bounds.perPeer);
        }
      }),
    );
  });
});
