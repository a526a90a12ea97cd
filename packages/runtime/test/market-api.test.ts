import { startsWith, storagePrefix } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import type { Option, Result, Struct, u128, u64 as U64, Vec } from '@polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { beforeEach, describe, expect, it } from 'vitest';
import { HAM } from '../src/index.ts';
import { callApi } from './support/call-api.ts';
import { PRICE, provider, SPEC, TestMarket } from './support/market.ts';

const MINUTE = 60_000n;

let chain: TestMarket;
beforeEach(() => {
  chain = new TestMarket();
});

const ANYTHING = {};

const page = (filter: object, after: number | null, limit: number) => {
  const answer = callApi(chain, 'MarketApi', 'offers', filter, after, limit) as Struct;
  const next = answer.get('next') as Option<U64>;
  return {
    ids: (answer.get('offers') as Vec<Struct>).map((offer) => (offer.get('resource') as U64).toNumber()),
    next: next.isSome ? next.unwrap().toNumber() : null,
  };
};

/** All offers, by following the cursor. */
const offered = (filter: object = ANYTHING, limit = 100): number[] => {
  const ids: number[] = [];
  let after: number | null = null;
  do {
    const found = page(filter, after, limit);
    ids.push(...found.ids);
    after = found.next;
  } while (after !== null);
  return ids;
};

const quote = (resource: number, spec: object = SPEC, hours = 2): Result<Struct, Codec> =>
  callApi(chain, 'MarketApi', 'quote', resource, spec, hours) as Result<Struct, Codec>;

const refusal = (...args: Parameters<typeof quote>): string => quote(...args).asErr.toString();

describe('offers', () => {
  it('tell the machine, what is free of it, and what the slice costs', () => {
    chain.stake();
    chain.machine();
    const answer = callApi(chain, 'MarketApi', 'offers', { ...SPEC, hours: 2 }, null, 10) as Struct;
    const [offer] = answer.get('offers') as Vec<Struct>;
    expect(offer?.toJSON()).toMatchObject({
      resource: 1,
      machine: { owner: provider.address, region: '0x6575', status: 'Online' },
      free: { cpuCores: 8, memoryMib: 16_384, diskGib: 200 },
    });
    expect(((offer?.get('quote') as Struct).get('total') as u128).toBigInt()).toBe(2n * PRICE);
  });

  it('leave out machines without stake, offline ones, and those whose time is nearly over', () => {
    chain.stake();
    chain.machine();
    expect(offered()).toEqual([1]);
    chain.send(provider, 'Provider', 'set_status', 1, 'Draining');
    expect(offered()).toEqual([]);
    chain.send(provider, 'Provider', 'set_status', 1, 'Online');
    chain.send(provider, 'Provider', 'unstake', 1_000n * HAM);
    expect(offered()).toEqual([]);
    chain.stake();
    expect(offered()).toEqual([1]);
    expect(offered({ hours: 8_760 })).toEqual([]);
    chain.pass(30n * 24n * 60n * MINUTE);
    expect(offered()).toEqual([]);
  });

  it('leave out machines that are fully let, or too small', () => {
    chain.stake();
    chain.machine();
    chain.order(1, { ...SPEC, cpuCores: 8 });
    expect(offered()).toEqual([]);
    chain.machine();
    expect(offered({ cpu_cores: 8 })).toEqual([2]);
    expect(offered({ cpu_cores: 9 })).toEqual([]);
  });

  it('leave out a machine whose lease does not report, until it does', () => {
    chain.stake();
    chain.machine();
    chain.order();
    chain.accept(1);
    expect(offered()).toEqual([1]);
    // In steps: what passes without a block is nobody's silence.
    for (let step = 0; step < 4; step += 1) chain.pass(15_250n);
    expect(offered()).toEqual([]);
    const report = { lease: 1, cpuCores: 2, memoryMib: 2_048, diskGib: 20, running: true };
    chain.send(provider, 'ResourceOrder', 'heartbeat', [report]);
    expect(offered()).toEqual([1]);
  });

  it('obey the filter', () => {
    chain.stake();
    chain.machine({ region: 'eu' });
    chain.machine({ region: 'us' });
    expect(offered({ region: 'us' })).toEqual([2]);
    expect(offered({ image: 'debian-13' })).toEqual([1, 2]);
    expect(offered({ image: 'windows' })).toEqual([]);
    expect(offered({ virtualization: 'Container' })).toEqual([]);
    expect(offered({ ...SPEC, max_price_per_hour: PRICE })).toEqual([1, 2]);
    expect(offered({ ...SPEC, max_price_per_hour: PRICE - 1n })).toEqual([]);
  });

  it('come in pages of any size, by id, without gaps and without repetitions', () => {
    chain.stake();
    for (let count = 0; count < 7; count += 1) chain.machine();
    chain.send(provider, 'Provider', 'remove_resource', 4);
    for (const limit of [0, 1, 2, 3, 100, 2 ** 32 - 1])
      expect(offered(ANYTHING, limit)).toEqual([1, 2, 3, 5, 6, 7]);
    expect(page(ANYTHING, 2, 2)).toEqual({ ids: [3, 5], next: 5 });
    expect(page(ANYTHING, 7, 2)).toEqual({ ids: [], next: null });
  });
});

describe('a quote', () => {
  it('is what an order then costs', () => {
    chain.stake();
    chain.machine();
    const told = quote(1).asOk;
    const amount = (name: string): bigint => (told.get(name) as u128).toBigInt();
    expect([amount('pricePerHour'), amount('total')]).toEqual([PRICE, 2n * PRICE]);
    expect(amount('fee')).toBe((2n * PRICE) / 20n);
    expect(amount('collateral')).toBe(2n * PRICE);
    expect(amount('duration')).toBe(20n * MINUTE);
  });

  it('says why there is none, by the name of the error that an order would get', () => {
    expect(refusal(1)).toBe('ResourceNotFound');
    chain.machine();
    expect(refusal(1)).toBe('ResourceNotOffered');
    chain.stake(15n * HAM);
    expect(refusal(1, SPEC, 0)).toBe('HoursOutOfRange');
    expect(refusal(1, { ...SPEC, cpuCores: 0 })).toBe('SpecTooSmall');
    expect(refusal(1, { ...SPEC, diskGib: 201 })).toBe('InsufficientCapacity');
    expect(refusal(1, SPEC, 8_760)).toBe('OfferEndsTooSoon');
    expect(refusal(1, SPEC, 100)).toBe('InsufficientStake');
    const dear = { cpuCoreHour: 2n ** 126n, memoryGibHour: 0, diskGibHour: 0 };
    chain.send(provider, 'Provider', 'update_prices', 1, dear);
    expect(refusal(1, SPEC, 8)).toBe('PriceTooHigh');
  });
});

describe('a market of a million machines', () => {
  const MANY = 1_000_000;
  let reads = 0;

  beforeEach(() => {
    chain.stake();
    chain.machine();
    const machines = storagePrefix('Provider', 'Resources');
    const [key] = [...chain.state.keys(machines)];
    const machine = key && chain.state.get(key);
    chain.state.put(storagePrefix('Provider', 'NextResourceId'), u64.encode(BigInt(MANY) + 1n));
    const read = chain.state.get.bind(chain.state);
    // Every id has the same machine behind it: what counts is how many of them a call looks at.
    chain.state.get = (wanted) => {
      reads += 1;
      return startsWith(wanted, machines) ? machine : read(wanted);
    };
    reads = 0;
  });

  it('fills a page from its beginning', () => {
    const { ids, next } = page(ANYTHING, null, 2 ** 32 - 1);
    expect([ids.length, next]).toEqual([128, 128]);
    expect(reads).toBeLessThan(2_000);
  });

  it('lesson 14: gives an empty page and a cursor where nothing fits nearby', () => {
    const { ids, next } = page({ region: 'us' }, 500_000, 10);
    expect([ids, next]).toEqual([[], 501_024]);
    expect(reads).toBeLessThan(2_000);
  });

  it('ends', () => {
    expect(page({ region: 'us' }, MANY - 3, 10)).toEqual({ ids: [], next: null });
    expect(page(ANYTHING, MANY - 3, 10)).toEqual({ ids: [MANY - 2, MANY - 1, MANY], next: null });
  });
});
