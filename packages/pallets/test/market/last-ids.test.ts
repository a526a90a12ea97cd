import { arithmeticFailure, U64_MAX } from '@hamster/frame';
import { describe, expect, it } from 'vitest';

import { NextDisputeId } from '../../src/arbitration/storage.ts';
import { NextResourceId } from '../../src/provider/storage.ts';
import { NextOrderId } from '../../src/resource-order/storage.ts';
import { account, ALICE, BOB } from './fixtures.ts';
import { market, offer, request } from './market.ts';

const overflow = () => arithmeticFailure('Overflow');

describe('when ids run out', () => {
  it('nothing new is made, nothing old is written over, and no money is held for it', () => {
    const m = market();
    const lease = m.rent(m.machine());
    const before = [m.resource(1n), m.lease(lease), m.free(ALICE)];
    for (const next of [NextResourceId, NextOrderId, NextDisputeId]) next.put(m.chain.ctx, U64_MAX);
    m.refuses(BOB, m.provider.register_resource, offer(m.chain.ctx.now), overflow);
    m.refuses(ALICE, m.resourceOrder.create_order, request(1n), overflow);
    const complaint = { lease, claim: { type: 'Other' as const }, evidence_hash: account(0) };
    m.refuses(ALICE, m.arbitration.open_dispute, complaint, overflow);
    expect([m.resource(1n), m.lease(lease), m.free(ALICE)]).toEqual(before);
  });

  it('the last one is as good as any', () => {
    const m = market();
    const resource = m.machine();
    NextOrderId.put(m.chain.ctx, U64_MAX - 1n);
    const lease = m.rent(resource);
    m.beat(lease);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease });
    expect([lease, m.lease(lease).closed?.reason.type]).toEqual([U64_MAX - 1n, 'TerminatedByRenter']);
  });
});
