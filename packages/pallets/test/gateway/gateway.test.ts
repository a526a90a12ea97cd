import { badOrigin, type FailureFactory, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/gateway/errors.ts';
import { PUBLIC_PARAMETERS } from '../../src/gateway/parameters.ts';
import { Era, EraPoints, Gateways, Unbonding } from '../../src/gateway/storage.ts';
import type { GatewayInfo } from '../../src/gateway/types.ts';
import type { Span } from '../../src/primitives/silence.ts';
import {
  CHARLIE,
  DAVE,
  DAY,
  HAM,
  HOUR,
  MINUTE,
  OTHER_PEER_ID,
  PEER_ID,
  POTS,
  utf8,
} from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';

const ADDRESS = utf8('/ip4/198.51.100.7/tcp/4001/ws');
const STAKE = 1_100n * HAM;
const entry = { peer_id: PEER_ID, multiaddrs: [ADDRESS], region: utf8('eu-west'), stake: STAKE };

const open = (stake = STAKE): Market => {
  const m = market();
  m.ok(CHARLIE, m.gateway.register, { ...entry, stake });
  return m;
};
const gatewayIn = (m: Market): GatewayInfo | undefined => Gateways.get(m.chain.ctx, CHARLIE);
const statusIn = (m: Market): string | undefined => gatewayIn(m)?.status.type;
const dropped = (stake = STAKE): Market => {
  const m = open(stake);
  m.advance(15n * MINUTE);
  return m;
};

describe('a gateway', () => {
  it('registers with a stake that is held', () => {
    const m = open();
    const { now } = m.chain.ctx;
    expect(gatewayIn(m)).toEqual({
      ...entry,
      registered_at: now,
      last_heartbeat: now,
      status: { type: 'Online' },
      dropped_at: undefined,
    });
    expect(m.held('GatewayStake', CHARLIE)).toBe(STAKE);
    expect(m.said('Gateway')).toEqual(['Registered']);
  });

  const wrong: [string, Partial<typeof entry>, FailureFactory][] = [
    ['too little stake', { stake: 1_000n * HAM - 1n }, errors.InsufficientStake],
    ['a stake that is not there', { stake: 1_000_000n * HAM }, errors.InsufficientBalance],
    ['no peer id', { peer_id: utf8('') }, errors.InvalidPeerId],
    ['a long peer id', { peer_id: utf8('1'.repeat(65)) }, errors.TextTooLong],
    ['no address', { multiaddrs: [] }, errors.NoMultiaddrs],
    ['nine addresses', { multiaddrs: Array.from({ length: 9 }, () => ADDRESS) }, errors.TooManyMultiaddrs],
    ['a URL', { multiaddrs: [utf8('wss://gw.example.org')] }, errors.InvalidMultiaddr],
    ['a long address', { multiaddrs: [utf8(`/dns/${'x'.repeat(128)}`)] }, errors.TextTooLong],
    ['a long region', { region: utf8('x'.repeat(33)) }, errors.TextTooLong],
    ['a region that moves the cursor', { region: utf8('\u001b[A') }, errors.InvalidText],
  ];
  it.each(wrong)('does not register with %s', (_, changes, error) => {
    const m = market();
    m.refuses(CHARLIE, m.gateway.register, { ...entry, ...changes }, error);
  });

  it('may have eight addresses, and all that its account can spare as its stake', () => {
    const m = market();
    const stake = m.free(CHARLIE) - HAM / 1_000n;
    const multiaddrs = Array.from({ length: 8 }, () => ADDRESS);
    m.ok(CHARLIE, m.gateway.register, { ...entry, stake, multiaddrs });
    expect(m.held('GatewayStake', CHARLIE)).toBe(stake);
  });

  it('is one of its account', () => {
    const m = open();
    m.refuses(CHARLIE, m.gateway.register, entry, errors.AlreadyRegistered);
  });

  it('lesson 11: can not be taken over: every call is about the own entry', () => {
    const m = open();
    const before = gatewayIn(m);
    const endpoint = { peer_id: OTHER_PEER_ID, multiaddrs: [ADDRESS] };
    m.refuses(DAVE, m.gateway.update_endpoint, endpoint, errors.NotRegistered);
    for (const name of ['heartbeat', 'go_offline', 'go_online', 'reset'] as const) {
      m.refuses(DAVE, m.gateway[name], {}, errors.NotRegistered);
    }
    m.refuses(DAVE, m.gateway.withdraw_unbonded, {}, errors.NothingToWithdraw);
    m.ok(DAVE, m.gateway.register, { ...entry, stake: 1_000n * HAM });
    expect(gatewayIn(m)).toEqual(before);
  });

  it('changes its endpoint', () => {
    const m = open();
    const endpoint = { peer_id: OTHER_PEER_ID, multiaddrs: [utf8('/dns4/gw.example.org/tcp/443/wss')] };
    m.ok(CHARLIE, m.gateway.update_endpoint, endpoint);
    expect(gatewayIn(m)).toMatchObject(endpoint);
    expect(m.said('Gateway')).toEqual(['Registered', 'EndpointUpdated']);
    const nowhere = { ...endpoint, multiaddrs: [] };
    m.refuses(CHARLIE, m.gateway.update_endpoint, nowhere, errors.NoMultiaddrs);
  });
});

describe('heartbeats', () => {
  it('keep a gateway online; lesson 15: two missing ones cost nothing', () => {
    const m = open();
    for (let beat = 0; beat < 20; beat += 1) {
      m.advance(15n * MINUTE - 1n);
      m.ok(CHARLIE, m.gateway.heartbeat, {});
      expect(m.said('Gateway').at(-1)).toBe('HeartbeatReceived');
    }
    expect(gatewayIn(m)).toMatchObject({ status: { type: 'Online' }, stake: STAKE });
  });

  it('that stop for fifteen minutes cost five percent, in exactly that block, once', () => {
    const m = open();
    m.advance(MINUTE);
    m.ok(CHARLIE, m.gateway.heartbeat, {});
    m.advance(15n * MINUTE - 1n);
    expect(statusIn(m)).toBe('Online');
    m.advance(1n);
    const slashed = STAKE / 20n;
    expect(m.chain.events().at(-1)).toEqual(['Gateway', 'Dropped', { gateway: CHARLIE, slashed }]);
    expect(gatewayIn(m)).toMatchObject({ status: { type: 'Dropped' }, stake: STAKE - slashed });
    expect(m.free(POTS.treasury)).toBe(HAM / 1000n + slashed);
    m.advance(DAY);
    expect(m.held('GatewayStake', CHARLIE)).toBe(STAKE - slashed);
    m.refuses(CHARLIE, m.gateway.heartbeat, {}, errors.NotOnline);
  });
});

describe('a chain that stood still', () => {
  it('drops no gateway, and proves no time of one', () => {
    const standstills: Span[] = [];
    const m = market({ standstills });
    m.ok(CHARLIE, m.gateway.register, entry);
    m.advance(5n * MINUTE);
    standstills.push({ from: m.chain.ctx.now, to: m.chain.ctx.now + HOUR });
    m.advance(HOUR);
    expect(statusIn(m)).toBe('Online');
    m.advance(10n * MINUTE - 1n);
    m.ok(CHARLIE, m.gateway.heartbeat, {});
    const { index } = Era.get(m.chain.ctx);
    expect(EraPoints.get(m.chain.ctx, index, CHARLIE)).toBe(15n * MINUTE - 1n);
    m.advance(15n * MINUTE);
    expect(statusIn(m)).toBe('Dropped');
  });
});

describe('a dropped gateway', () => {
  it('comes back after the cool-down', () => {
    const m = dropped();
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.NotOffline);
    m.advance(HOUR - 1n);
    m.refuses(CHARLIE, m.gateway.reset, {}, errors.CoolingDown);
    m.advance(1n);
    m.ok(CHARLIE, m.gateway.reset, {});
    expect(m.said('Gateway')).toEqual(['Reset']);
    m.refuses(CHARLIE, m.gateway.reset, {}, errors.NotDropped);
    m.advance(15n * MINUTE - 1n);
    expect(statusIn(m)).toBe('Online');
    m.advance(1n);
    expect(statusIn(m)).toBe('Dropped');
  });

  it('is removed where the stake is too little by then, and may register again', () => {
    const m = dropped(1_000n * HAM);
    m.advance(HOUR);
    m.ok(CHARLIE, m.gateway.reset, {});
    expect(m.said('Gateway')).toEqual(['Removed']);
    expect(gatewayIn(m)).toBeUndefined();
    expect(Unbonding.get(m.chain.ctx, CHARLIE)?.amount).toBe(950n * HAM);
    m.ok(CHARLIE, m.gateway.register, entry);
    m.advance(7n * DAY);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(statusIn(m)).toBe('Dropped');
    expect(m.held('GatewayStake', CHARLIE)).toBe(STAKE - STAKE / 20n);
  });

  it('may leave with what it has', () => {
    const m = dropped();
    m.ok(CHARLIE, m.gateway.go_offline, {});
    expect(Unbonding.get(m.chain.ctx, CHARLIE)?.amount).toBe(STAKE - STAKE / 20n);
  });
});

describe('leaving', () => {
  it('frees the stake after a week, and ends the duty of heartbeats', () => {
    const m = open();
    m.ok(CHARLIE, m.gateway.go_offline, {});
    expect(m.said('Gateway')).toEqual(['Registered', 'WentOffline']);
    m.advance(1n);
    m.refuses(CHARLIE, m.gateway.heartbeat, {}, errors.NotOnline);
    m.refuses(CHARLIE, m.gateway.go_offline, {}, errors.NotOnline);
    m.refuses(CHARLIE, m.gateway.register, entry, errors.AlreadyRegistered);
    m.advance(7n * DAY - 2n);
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.StillUnbonding);
    m.advance(1n);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(m.said('Gateway')).toEqual(['Withdrawn', 'Removed']);
    expect(m.free(CHARLIE)).toBe(1_000_000n * HAM);
    expect(gatewayIn(m)).toBeUndefined();
  });

  it('can be taken back, as often as you like', () => {
    const m = open();
    for (let times = 0; times < 3; times += 1) {
      m.ok(CHARLIE, m.gateway.go_offline, {});
      m.ok(CHARLIE, m.gateway.go_online, {});
      expect(m.said('Gateway').slice(-2)).toEqual(['WentOffline', 'WentOnline']);
    }
    expect(gatewayIn(m)).toMatchObject({ status: { type: 'Online' }, stake: STAKE });
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.NotOffline);
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.NothingToWithdraw);
    m.advance(15n * MINUTE);
    expect(m.said('Gateway')).toEqual(['Dropped']);
  });

  it('adds to what unbonds already, and is paid out once', () => {
    const m = dropped(1_000n * HAM);
    m.advance(HOUR);
    m.ok(CHARLIE, m.gateway.reset, {});
    m.ok(CHARLIE, m.gateway.register, entry);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    expect(Unbonding.get(m.chain.ctx, CHARLIE)?.amount).toBe(950n * HAM + STAKE);
    m.advance(7n * DAY);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.NothingToWithdraw);
    expect(m.free(CHARLIE)).toBe(1_000_000n * HAM - 50n * HAM);
  });

  it('can not be taken back with too little', () => {
    const m = dropped(1_000n * HAM);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.advance(HOUR);
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.InsufficientStake);
  });
});

describe('a gateway that lost all of its stake', () => {
  const bare = (): Market => {
    const m = open();
    m.asRoot(m.gateway.set_parameters, { parameters: { ...PUBLIC_PARAMETERS, slash: 1_000_000 } });
    m.advance(15n * MINUTE);
    expect(m.held('GatewayStake', CHARLIE)).toBe(0n);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    return m;
  };

  it('is not offline for ever: it is removed when it has cooled down, and may register again', () => {
    const m = bare();
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.CoolingDown);
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.CoolingDown);
    m.refuses(CHARLIE, m.gateway.register, entry, errors.AlreadyRegistered);
    m.advance(HOUR);
    m.refuses(CHARLIE, m.gateway.go_online, {}, errors.InsufficientStake);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(m.said('Gateway')).toEqual(['Removed']);
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.NothingToWithdraw);
    m.ok(CHARLIE, m.gateway.register, entry);
  });

  it('has cooled down before it is removed, also where stake of an earlier one has unbonded', () => {
    const m = dropped(1_000n * HAM);
    m.advance(HOUR);
    const parameters = { ...PUBLIC_PARAMETERS, slash: 1_000_000, unbonding: HOUR };
    m.asRoot(m.gateway.set_parameters, { parameters });
    m.ok(CHARLIE, m.gateway.reset, {});
    m.ok(CHARLIE, m.gateway.register, entry);
    m.advance(15n * MINUTE);
    m.ok(CHARLIE, m.gateway.go_offline, {});
    m.advance(45n * MINUTE);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(m.held('GatewayStake', CHARLIE)).toBe(0n);
    m.refuses(CHARLIE, m.gateway.register, entry, errors.AlreadyRegistered);
    m.refuses(CHARLIE, m.gateway.withdraw_unbonded, {}, errors.CoolingDown);
    m.advance(15n * MINUTE);
    m.ok(CHARLIE, m.gateway.withdraw_unbonded, {});
    expect(gatewayIn(m)).toBeUndefined();
  });
});

describe('the parameters', () => {
  it('are set by root, when the rules can work with them', () => {
    const m = market();
    const set = m.gateway.set_parameters;
    m.refuses(CHARLIE, set, { parameters: PUBLIC_PARAMETERS }, badOrigin);
    m.asRoot(set, { parameters: { ...PUBLIC_PARAMETERS, min_stake: 1n } });
    m.ok(CHARLIE, m.gateway.register, { ...entry, stake: 1n });
    for (const changes of [
      { min_stake: 0n },
      { slash: 1_000_001 },
      { drop_after: 0n },
      { unbonding: 2n ** 63n },
      { due_per_block: 0 },
      { cool_down: PUBLIC_PARAMETERS.unbonding + 1n },
      { era: 0n },
      { era: 2n ** 63n },
      { claimable_eras: 0 },
      { claimable_eras: 169 },
    ]) {
      const parameters = { ...PUBLIC_PARAMETERS, ...changes };
      assertNoop(m.chain, () => m.chain.run(ROOT, set, { parameters }), errors.InvalidParameters);
    }
  });
});
