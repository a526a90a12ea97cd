import { beforeEach, describe, expect, it } from 'vitest';
import { badOrigin, NONE, signedBy, tokenFailure } from '../src/index.ts';
import { assertHealthy, assertNoop, assertOk, mockChain, type MockChain } from '../src/testing/index.ts';
import { errors } from './guestbook/errors.ts';
import { guestbook } from './guestbook/pallet.ts';
import { Agenda, Entries } from './guestbook/storage.ts';

const alice = new Uint8Array(32).fill(1);
const bob = new Uint8Array(32).fill(2);
const poor = new Uint8Array(32).fill(3);
const buggy = new Uint8Array(32).fill(4);
const HOUR = 3_600_000;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const pallet = guestbook({
  charge(_, author) {
    if (author === poor) throw tokenFailure('FundsUnavailable');
    if (author === buggy) throw new TypeError('a bug');
  },
});
const { write, erase } = pallet.calls;

let chain: MockChain;
beforeEach(() => {
  chain = mockChain({ pallets: () => [pallet], genesis: { guestbook: { lifetime: HOUR } } });
});

describe('a pallet', () => {
  it('writes state and events', () => {
    assertOk(chain, chain.run(signedBy(alice), write, { text: text('hi') }));
    expect(Entries.get(chain.ctx, 1n)).toMatchObject({ author: alice, written_at: chain.ctx.now });
    expect(chain.events()).toEqual([['Guestbook', 'Written', { entry: 1n, author: alice }]]);
    assertHealthy(chain);
  });

  it('refuses and leaves no trace', () => {
    assertOk(chain, chain.run(signedBy(alice), write, { text: text('hi') }));
    assertNoop(chain, () => chain.run(signedBy(alice), write, { text: text('') }), errors.Empty);
    assertNoop(chain, () => chain.run(NONE, write, { text: text('x') }), badOrigin);
    assertNoop(chain, () => chain.run(signedBy(bob), erase, { entry: 1n }), errors.NotAuthor);
    assertNoop(chain, () => chain.run(signedBy(bob), erase, { entry: 2n }), errors.EntryNotFound);
    assertNoop(
      chain,
      () => chain.run(signedBy(poor), write, { text: text('x') }),
      () => tokenFailure('FundsUnavailable'),
    );
    assertHealthy(chain);
  });

  it('turns a bug into a failed call, and reports it', () => {
    const result = chain.run(signedBy(buggy), write, { text: text('x') });
    expect(result).toEqual({ ok: false, error: { type: 'Other' } });
    expect(chain.faults).toMatchObject([{ error: new TypeError('a bug') }]);
    expect([...Entries.entries(chain.ctx)]).toEqual([]);
  });

  it('does what is due, bounded, the earliest first', () => {
    for (const each of ['a', 'b', 'c']) chain.run(signedBy(alice), write, { text: text(each) });
    chain.advance(HOUR - 1);
    expect(chain.events()).toEqual([]);
    chain.advance(1);
    expect(chain.events()).toEqual([
      ['Guestbook', 'Faded', { entry: 1n }],
      ['Guestbook', 'Faded', { entry: 2n }],
    ]);
    chain.advance(0);
    expect(chain.events()).toEqual([['Guestbook', 'Faded', { entry: 3n }]]);
    expect([...Agenda.entries(chain.ctx)]).toEqual([]);
    assertHealthy(chain);
  });

  it('dispatches by the names on the wire, and round-trips the call', () => {
    const { outer, dispatch } = chain.composition;
    const call = outer.call.decode(
      outer.call.encode({ type: 'Guestbook', value: { type: 'write', value: { text: text('hi') } } }),
    );
    expect(dispatch(chain.ctx, signedBy(alice), call)).toEqual({ ok: true, post: {} });
    expect(Entries.has(chain.ctx, 1n)).toBe(true);
  });
});
