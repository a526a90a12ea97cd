import { type AccountId, ROOT, signedBy } from '@hamster/frame';
import { assertOk } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/gateway/errors.ts';
import { PUBLIC_PARAMETERS } from '../../src/gateway/parameters.ts';
import { Committed, Era, EraPoints, EraRewards, Gateways, OldestEra } from '../../src/gateway/storage.ts';
import {
  account,
  ALICE,
  BOB,
  CHARLIE,
  DAVE,
  DAY,
  HAM,
  HOUR,
  MINUTE,
  PEER_ID,
  POTS,
  utf8,
} from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';
import type { MarketOptions } from '../market/compose.ts';

const entry = {
  peer_id: PEER_ID,
  multiaddrs: [utf8('/ip4/198.51.100.7/tcp/4001/ws')],
  region: utf8('eu-west'),
  stake: 1_100n * HAM,
};

/** The first era is over, and these have a gateway. */
const open = (owners: readonly AccountId[], options: MarketOptions['gateway'] = {}): Market => {
  const m = market({ gateway: options });
  m.advance(1n);
  for (const owner of owners) m.ok(owner, m.gateway.register, entry);
  return m;
};
const fund = (m: Market, amount: bigint): void =>
  m.currency.transfer(m.chain.ctx, ALICE, POTS.gateways, amount);
const beat = (m: Market, ...owners: readonly AccountId[]): void => {
  for (const owner of owners) m.ok(owner, m.gateway.heartbeat, {});
};
/** So many heartbeats, ten minutes apart. */
const live = (m: Market, beats: number, ...owners: readonly AccountId[]): void => {
  for (let count = 0; count < beats; count += 1) {
    m.chain.advance(10n * MINUTE);
    beat(m, ...owners);
  }
};
const claim = (m: Market, who: AccountId): bigint => {
  const before = m.free(who);
  m.ok(who, m.gateway.claim_rewards, {});
  return m.free(who) - before;
};

describe('the rewards of gateways', () => {
  it('are the pot of an era, divided by the time that each has proved', () => {
    const m = open([CHARLIE, DAVE]);
    fund(m, 300n * HAM);
    live(m, 12, CHARLIE, DAVE);
    m.ok(DAVE, m.gateway.go_offline, {});
    live(m, 12, CHARLIE);
    m.advance(2n * HOUR - 1n);
    expect(m.said('Gateway')).toEqual(['Dropped']);
    m.advance(1n);
    expect(m.chain.events().find(([, name]) => name === 'EraEnded')?.[2]).toEqual({
      era: 1,
      points: 36n * 10n * MINUTE,
      pot: 300n * HAM,
    });
    expect(claim(m, CHARLIE)).toBe(200n * HAM);
    expect(claim(m, DAVE)).toBe(100n * HAM);
    expect(m.chain.events().at(-1)).toEqual([
      'Gateway',
      'RewardsClaimed',
      { gateway: DAVE, amount: 100n * HAM },
    ]);
    m.advance(1n);
  });

  it('lesson 6: are paid once, and never out of what is somebody else’s', () => {
    const m = open([CHARLIE, DAVE]);
    fund(m, 300n * HAM);
    live(m, 37, CHARLIE, DAVE);
    expect(claim(m, CHARLIE)).toBe(150n * HAM);
    m.refuses(CHARLIE, m.gateway.claim_rewards, {}, errors.NothingToClaim);
    m.refuses(BOB, m.gateway.claim_rewards, {}, errors.NothingToClaim);
    fund(m, 60n * HAM);
    live(m, 36, CHARLIE, DAVE);
    expect(claim(m, CHARLIE)).toBe(30n * HAM);
    expect(claim(m, DAVE)).toBe(180n * HAM);
    m.advance(1n);
  });

  it('count the time until a gateway leaves', () => {
    const m = open([CHARLIE, DAVE]);
    fund(m, 300n * HAM);
    live(m, 1, CHARLIE, DAVE);
    m.advance(10n * MINUTE);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.advance(6n * HOUR);
    expect([claim(m, CHARLIE), claim(m, DAVE)]).toEqual([200n * HAM, 100n * HAM]);
  });

  it('cost who has none to claim as little as the look at the eras that there are', () => {
    const m = open([CHARLIE, DAVE]);
    const { composition, ctx } = m.chain;
    const call = { type: 'Gateway', value: { type: 'claim_rewards' } };
    const declared = composition.infoOf(call).weight.ref_time;
    const result = composition.dispatch(ctx, signedBy(BOB), call);
    expect(result.ok).toBe(false);
    expect(result.post?.actualWeight?.ref_time).toBeLessThan(declared / 20n);
  });

  it('are not there before the era has ended, and nobody shares in an era without being there', () => {
    const m = open([CHARLIE]);
    fund(m, 300n * HAM);
    live(m, 10, CHARLIE);
    m.refuses(CHARLIE, m.gateway.claim_rewards, {}, errors.NothingToClaim);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.advance(6n * HOUR);
    expect(claim(m, CHARLIE)).toBe(300n * HAM);
    fund(m, 50n * HAM);
    m.advance(6n * HOUR);
    m.refuses(CHARLIE, m.gateway.claim_rewards, {}, errors.NothingToClaim);
    m.ok(DAVE, m.gateway.register, entry);
    live(m, 37, DAVE);
    expect(claim(m, DAVE)).toBe(50n * HAM);
  });

  it('do not count the silence before a drop, and stay when the gateway has gone', () => {
    const m = open([CHARLIE, DAVE]);
    fund(m, 300n * HAM);
    live(m, 12, CHARLIE, DAVE);
    live(m, 12, DAVE);
    expect(Gateways.get(m.chain.ctx, CHARLIE)?.status.type).toBe('Dropped');
    m.ok(CHARLIE, m.gateway.reset, {});
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.ok(DAVE, m.gateway.go_offline, {});
    m.advance(8n * DAY);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(claim(m, CHARLIE)).toBe(100n * HAM);
    expect(claim(m, DAVE)).toBe(200n * HAM);
  });

  it('wait for 84 eras; then they are shared out anew, and nothing of them is left in the state', () => {
    const m = open([CHARLIE, DAVE], { era: HOUR, drop_after: 2n * HOUR });
    fund(m, 300n * HAM);
    live(m, 7, CHARLIE, DAVE);
    expect(Committed.get(m.chain.ctx)).toBe(300n * HAM);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    for (let era = 0; era < 83; era += 1) {
      m.chain.advance(HOUR);
      m.ok(DAVE, m.gateway.heartbeat, {});
    }
    m.advance(MINUTE);
    expect(Committed.get(m.chain.ctx)).toBe(300n * HAM);
    m.advance(HOUR);
    expect(m.said('Gateway')).toContain('EraExpired');
    m.refuses(CHARLIE, m.gateway.claim_rewards, {}, errors.NothingToClaim);
    expect([...EraPoints.entriesOf(m.chain.ctx, 1)]).toEqual([]);
    expect(claim(m, DAVE)).toBe(300n * HAM);
  });

  it('of a thousand gateways that never claim are cleared over as many blocks as the bound needs', () => {
    const m = open([], { due_per_block: 16, claimable_eras: 1, era: HOUR });
    const many = Array.from({ length: 1_000 }, (_, index) =>
      account(0).map((_, at) => (at < 2 ? index >> (8 * at) : 9)),
    );
    for (const who of many) EraPoints.put(m.chain.ctx, 1, who, 1n);
    EraRewards.put(m.chain.ctx, 1, { points: 1_000n, pot: 0n, unclaimed: 0n });
    const left = (): number => [...EraPoints.entriesOf(m.chain.ctx, 1)].length;
    m.advance(HOUR);
    expect(left()).toBe(1_000);
    m.advance(HOUR);
    const perBlock = [1_000 - left()];
    while (left() > 0) {
      const before = left();
      m.advance(1_000n);
      perBlock.push(before - left());
    }
    expect(perBlock).toEqual([128, 128, 128, 128, 128, 128, 128, 104]);
  });

  it('keep up with a parameter that root changes, and with a chain that stood still', () => {
    const m = open([CHARLIE], { era: HOUR, drop_after: 2n * HOUR });
    for (let era = 0; era < 20; era += 1) {
      m.chain.advance(HOUR);
      beat(m, CHARLIE);
    }
    const parameters = { ...PUBLIC_PARAMETERS, era: HOUR, claimable_eras: 1 };
    assertOk(m.chain, m.chain.run(ROOT, m.gateway.set_parameters, { parameters }));
    for (let era = 0; era < 10; era += 1) m.advance(HOUR);
    expect(Era.get(m.chain.ctx).index - OldestEra.get(m.chain.ctx)).toBe(1);
    const { index } = Era.get(m.chain.ctx);
    m.advance(365n * DAY);
    m.advance(1n);
    expect(Era.get(m.chain.ctx)).toEqual({ index: index + 1, ends_at: m.chain.ctx.now - 1n + HOUR });
  });
});

describe('a gateway whose drop is due, but late', () => {
  const late = (): Market => {
    const m = open([CHARLIE, DAVE], { due_per_block: 1 });
    m.advance(15n * MINUTE);
    return m;
  };

  it('can not save its stake by a heartbeat or by leaving', () => {
    const m = late();
    const [survivor] = [CHARLIE, DAVE].filter(
      (who) => Gateways.get(m.chain.ctx, who)?.status.type === 'Online',
    );
    if (!survivor) throw new TypeError('both were dropped in one block');
    m.refuses(survivor, m.gateway.heartbeat, {}, errors.NotOnline);
    m.refuses(survivor, m.gateway.go_offline, {}, errors.NotOnline);
    m.advance(1n);
    expect(m.held('GatewayStake', survivor)).toBe((entry.stake * 95n) / 100n);
  });
});

describe('the cool-down', () => {
  it('can not be gone around by leaving and coming back', () => {
    const m = open([CHARLIE]);
    m.advance(15n * MINUTE);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.CoolingDown);
    m.advance(HOUR);
    m.ok(CHARLIE, m.gateway.go_online, {});
    expect(Gateways.get(m.chain.ctx, CHARLIE)).toMatchObject({
      status: { type: 'Online' },
      dropped_at: undefined,
    });
  });
});
