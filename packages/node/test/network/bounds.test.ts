import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Libp2p } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { describe, expect, it, vi } from 'vitest';
import { createBans } from '../../src/network/bans.ts';
import { malformed } from '../../src/network/errors.ts';
import { Peers } from '../../src/network/peers.ts';
import { penalties } from '../../src/network/penalties.ts';
import { Rate } from '../../src/network/rate.ts';
import { Aside, MOST_ALONE_MS } from '../../src/network/sync/aside.ts';
import { recorder } from '../core/harness.ts';

describe('a peer that failed', () => {
  it('is left alone for twice as long each time, up to five minutes, and not believed until it keeps its word', () => {
    let now = 0;
    const aside = new Aside(() => now);
    const pauses = Array.from({ length: 8 }, () => {
      aside.add('peer');
      const begun = now;
      while (aside.has('peer')) now += 1_000;
      return now - begun;
    });
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(aside.isSuspect('peer')).toBe(true);
    aside.forgive('peer');
    expect([aside.isSuspect('peer'), aside.has('peer')]).toEqual([false, false]);
  });

  it('is left alone for fifteen seconds at most where nobody else has the blocks', () => {
    let now = 0;
    const aside = new Aside(() => now);
    const pauses = Array.from({ length: 6 }, () => {
      aside.add('peer');
      const begun = now;
      while (aside.has('peer', MOST_ALONE_MS)) now += 1_000;
      return now - begun;
    });
    expect(pauses).toEqual([5_000, 10_000, 15_000, 15_000, 15_000, 15_000]);
    expect(aside.has('peer')).toBe(true);
  });

  it('is forgotten when too many others failed since', () => {
    const aside = new Aside(() => 0);
    for (let index = 0; index <= 1_024; index++) aside.add(`peer ${index}`);
    expect([aside.isSuspect('peer 0'), aside.isSuspect('peer 1')]).toEqual([false, true]);
  });
});

describe('a peer that is banned', () => {
  it('may come again when its time is over, or when very many others were banned since', () => {
    let now = 0;
    const bans = createBans(1_000, () => now);
    bans.add('peer');
    now = 999;
    expect(bans.has('peer')).toBe(true);
    now = 1_000;
    expect(bans.has('peer')).toBe(false);
    for (let index = 0; index <= 4_096; index++) bans.add(`peer ${index}`);
    expect([bans.has('peer 0'), bans.has('peer 1')]).toEqual([false, true]);
  });

  it('is cut off again when it was half way in at that time, and told of once', async () => {
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString();
    const { logger, lines } = recorder();
    const connection = { abort: vi.fn() };
    const libp2p = { getConnections: () => [connection] } as unknown as Libp2p;
    const { signal } = new AbortController();
    const parts = { bans: createBans(1_000, () => 0), peers: new Peers(1), logger, signal };
    const onFailure = penalties({ ...parts, libp2p });
    onFailure(peer, malformed('of a first connection'));
    onFailure(peer, malformed('of a second one'));
    expect(connection.abort).toHaveBeenCalledTimes(2);
    expect(lines).toHaveLength(1);
  });
});

it('work that is done already is counted, and has to be earned back', () => {
  let now = 0;
  const rate = new Rate(100, () => now);
  rate.spend(1_000);
  expect(rate.isOverdrawn()).toBe(true);
  now = 5_999;
  expect(rate.isOverdrawn()).toBe(true);
  now = 6_001;
  expect(rate.isOverdrawn()).toBe(false);
});
