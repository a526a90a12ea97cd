import { badOrigin, type FailureFactory, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/provider/errors.ts';
import { PUBLIC_PARAMETERS } from '../../src/provider/parameters.ts';
import { ResourceCounts, Resources, ResourcesOf } from '../../src/provider/storage.ts';
import { errors as orderErrors } from '../../src/resource-order/errors.ts';
import {
  ALICE,
  BOB,
  CAPACITY,
  DAY,
  HAM,
  HOUR,
  IMAGE,
  MINUTE,
  OTHER_PEER_ID,
  PRICES,
  utf8,
} from '../market/fixtures.ts';
import { market, offer, request } from '../market/market.ts';

const many = (count: number): Uint8Array[] => Array.from({ length: count }, (_, n) => utf8(`image-${n}`));

describe('registering a machine', () => {
  it('gives it an id, an owner, and an entry in the index', () => {
    const { ok, provider, chain, resource } = market();
    ok(BOB, provider.register_resource, offer(chain.ctx.now));
    ok(BOB, provider.register_resource, offer(chain.ctx.now));
    expect(resource(2n)).toMatchObject({
      owner: BOB,
      capacity: CAPACITY,
      allocated: { cpu_cores: 0, memory_mib: 0, disk_gib: 0, gpus: 0 },
      status: { type: 'Online' },
      maintenance: undefined,
      live_leases: 0,
    });
    expect([...ResourcesOf.entriesOf(chain.ctx, BOB)].map(([id]) => id).toSorted()).toEqual([1n, 2n]);
    expect(chain.events().at(-1)).toEqual(['Provider', 'ResourceRegistered', { resource: 2n, owner: BOB }]);
  });

  it('is bounded for each provider, and a machine that is removed makes room', () => {
    const { ok, refuses, provider, chain, advance } = market();
    const machine = offer(chain.ctx.now);
    for (let count = 0; count < 1024; count += 1) ok(BOB, provider.register_resource, machine);
    refuses(BOB, provider.register_resource, machine, errors.TooManyResources);
    ok(ALICE, provider.register_resource, machine);
    ok(BOB, provider.remove_resource, { resource: 7n });
    ok(BOB, provider.register_resource, machine);
    refuses(BOB, provider.register_resource, machine, errors.TooManyResources);
    advance(1_000n);
  });

  const now = market().chain.ctx.now;
  const wrong: [string, Partial<ReturnType<typeof offer>>, FailureFactory][] = [
    ['no cores', { capacity: { ...CAPACITY, cpu_cores: 0 } }, errors.CapacityZero],
    ['no memory', { capacity: { ...CAPACITY, memory_mib: 0 } }, errors.CapacityZero],
    ['no disk', { capacity: { ...CAPACITY, disk_gib: 0 } }, errors.CapacityZero],
    ['GPUs', { capacity: { ...CAPACITY, gpus: 1 } }, errors.GpuNotSupported],
    ['an end that is past', { available_until: now }, errors.AvailabilityInPast],
    ['an end in years', { available_until: now + 400n * DAY + 1n }, errors.AvailabilityTooFar],
    ['an end that overflows', { available_until: 2n ** 64n - 1n }, errors.AvailabilityTooFar],
    ['no image', { images: [] }, errors.NoImages],
    ['seventeen images', { images: many(17) }, errors.TooManyImages],
    ['an image that is a path', { images: [utf8('../etc')] }, errors.InvalidImage],
    ['a long image', { images: [utf8('x'.repeat(65))] }, errors.TextTooLong],
    ['no peer id', { peer_id: utf8('') }, errors.InvalidPeerId],
    ['a long peer id', { peer_id: utf8('1'.repeat(65)) }, errors.TextTooLong],
    ['a long region', { region: utf8('x'.repeat(33)) }, errors.TextTooLong],
    ['a long model', { cpu_model: utf8('x'.repeat(65)) }, errors.TextTooLong],
    ['a region with a newline', { region: utf8('a\nb') }, errors.InvalidText],
    ['a model that is no text', { cpu_model: Uint8Array.of(0xff) }, errors.InvalidText],
  ];
  it.each(wrong)('lesson 2: refuses %s', (_, changes, error) => {
    const { refuses, provider } = market();
    refuses(BOB, provider.register_resource, { ...offer(now), ...changes }, error);
  });
});

describe('changing a machine', () => {
  it('is for its owner only', () => {
    const { refuses, provider, machine, chain } = market();
    const resource = machine();
    const until = chain.ctx.now + DAY;
    const not = errors.NotResourceOwner;
    refuses(ALICE, provider.update_prices, { resource, prices: PRICES }, not);
    refuses(ALICE, provider.update_capacity, { resource, capacity: CAPACITY }, not);
    refuses(ALICE, provider.set_available_until, { resource, until }, not);
    refuses(ALICE, provider.update_endpoint, { resource, peer_id: OTHER_PEER_ID, images: [IMAGE] }, not);
    refuses(ALICE, provider.set_status, { resource, status: { type: 'Offline' } }, not);
    refuses(ALICE, provider.announce_maintenance, { resource, from: until, to: until + HOUR }, not);
    refuses(ALICE, provider.remove_resource, { resource }, not);
    refuses(BOB, provider.update_prices, { resource: 9n, prices: PRICES }, errors.ResourceNotFound);
  });

  it('replaces prices, endpoint and status', () => {
    const { ok, refuses, provider, machine, resource } = market();
    const id = machine();
    const prices = { ...PRICES, cpu_core_hour: HAM };
    ok(BOB, provider.update_prices, { resource: id, prices });
    ok(BOB, provider.update_endpoint, { resource: id, peer_id: OTHER_PEER_ID, images: [utf8('alpine')] });
    ok(BOB, provider.set_status, { resource: id, status: { type: 'Draining' } });
    expect(resource(id)).toMatchObject({ prices, peer_id: OTHER_PEER_ID, status: { type: 'Draining' } });
    refuses(
      BOB,
      provider.update_endpoint,
      { resource: id, peer_id: OTHER_PEER_ID, images: [] },
      errors.NoImages,
    );
    const peer_id = utf8('no peer');
    refuses(BOB, provider.update_endpoint, { resource: id, peer_id, images: [IMAGE] }, errors.InvalidPeerId);
  });

  it('never takes away what is leased or ordered', () => {
    const { ok, refuses, provider, machine, rent, order, resource } = market();
    const id = machine();
    rent(id);
    order(id);
    const exactly = { cpu_cores: 4, memory_mib: 4096, disk_gib: 20, gpus: 0 };
    for (const capacity of [
      { ...exactly, cpu_cores: 3 },
      { ...exactly, memory_mib: 4095 },
      { ...exactly, disk_gib: 19 },
    ]) {
      refuses(BOB, provider.update_capacity, { resource: id, capacity }, errors.CapacityBelowAllocated);
    }
    ok(BOB, provider.update_capacity, { resource: id, capacity: exactly });
    expect(resource(id)).toMatchObject({ capacity: exactly, allocated: exactly, live_leases: 1 });
  });

  it('lesson 8: never ends the offer under an order or a running lease', () => {
    const { ok, refuses, provider, resourceOrder, machine, rent, lease, order, chain, ...m } = market();
    const resource = machine();
    const long = rent(resource, { hours: 48 });
    const { ends_at } = lease(long);
    refuses(
      BOB,
      provider.set_available_until,
      { resource, until: ends_at - 1n },
      errors.AvailabilityBelowLease,
    );
    ok(BOB, provider.set_available_until, { resource, until: ends_at });
    ok(BOB, provider.set_available_until, { resource, until: ends_at + DAY });
    const pending = order(resource, { hours: 60 });
    refuses(
      BOB,
      provider.set_available_until,
      { resource, until: ends_at + HOUR },
      errors.AvailabilityBelowLease,
    );
    ok(ALICE, resourceOrder.cancel_order, { order: pending });
    ok(BOB, provider.set_available_until, { resource, until: ends_at + HOUR });
    ok(ALICE, resourceOrder.terminate_lease, { lease: long });
    ok(BOB, provider.set_available_until, { resource, until: chain.ctx.now + 1n });
    m.advance(MINUTE);
    refuses(ALICE, resourceOrder.create_order, request(resource), orderErrors.ResourceNotOffered);
  });

  it('removes it only when nobody uses it', () => {
    const { ok, refuses, provider, resourceOrder, machine, order, chain } = market();
    const resource = machine();
    const id = order(resource);
    refuses(BOB, provider.remove_resource, { resource }, errors.HasLiveLeases);
    ok(ALICE, resourceOrder.cancel_order, { order: id });
    ok(BOB, provider.remove_resource, { resource });
    expect(Resources.has(chain.ctx, resource)).toBe(false);
    expect([...ResourcesOf.entriesOf(chain.ctx, BOB)]).toEqual([]);
    expect([...ResourceCounts.entries(chain.ctx)]).toEqual([]);
    refuses(BOB, provider.remove_resource, { resource }, errors.ResourceNotFound);
  });
});

describe('the parameters', () => {
  it('are set by root, when the rules can work with them', () => {
    const { asRoot, refuses, provider, said, chain } = market();
    const sound = { ...PUBLIC_PARAMETERS, unbonding: DAY };
    asRoot(provider.set_parameters, { parameters: sound });
    expect(said('Provider')).toEqual(['ParametersSet']);
    expect(chain.faults).toEqual([]);
    refuses(ALICE, provider.set_parameters, { parameters: sound }, badOrigin);
    for (const changes of [
      { unbonding: 2n ** 63n },
      { max_available: 0n },
      { maintenance_max: 8n * DAY },
      { maintenance_notice: 0n },
      { maintenance_notice: MINUTE - 1n },
    ]) {
      const run = () => chain.run(ROOT, provider.set_parameters, { parameters: { ...sound, ...changes } });
      assertNoop(chain, run, errors.InvalidParameters);
    }
  });
});
