import { storagePrefix } from '@hamster/frame';
import type { Option, Struct, u64, Vec } from '@polkadot/types';
import { beforeEach, describe, expect, it } from 'vitest';
import { HAM, POTS } from '../src/index.ts';
import { callApi } from './support/call-api.ts';
import { type Key, keyOf } from './support/chain.ts';
import { provider, renter, TestMarket } from './support/market.ts';

let chain: TestMarket;
beforeEach(() => {
  chain = new TestMarket();
});

const page = (list: 'leases' | 'orders', who: Key, role: string, after: number | null, limit: number) => {
  const answer = callApi(chain, 'LeasesApi', `${list}_of`, who.publicKey, role, after, limit) as Struct;
  const next = answer.get('next') as Option<u64>;
  return {
    ids: (answer.get(list) as Vec<Struct>).map((entry) => (entry.get('id') as u64).toNumber()),
    next: next.isSome ? next.unwrap().toNumber() : null,
  };
};

const all = (list: 'leases' | 'orders', who: Key, role: string, limit: number): number[] => {
  const ids: number[] = [];
  let after: number | null = null;
  do {
    const found = page(list, who, role, after, limit);
    ids.push(...found.ids);
    after = found.next;
  } while (after !== null);
  return ids;
};

const sorted = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);

describe('leases of an account', () => {
  beforeEach(() => {
    chain.stake();
    for (const id of [1, 2]) {
      chain.machine();
      for (let count = 0; count < 3; count += 1) chain.order(id);
    }
    for (const order of [1, 3, 5, 6]) chain.accept(order);
  });

  it('are those of its side of the contract, in pages of any size', () => {
    for (const limit of [0, 1, 3, 100]) {
      expect(sorted(all('leases', renter, 'Renter', limit))).toEqual([1, 3, 5, 6]);
      expect(sorted(all('leases', provider, 'Provider', limit))).toEqual([1, 3, 5, 6]);
      expect(sorted(all('orders', renter, 'Renter', limit))).toEqual([1, 2, 3, 4, 5, 6]);
    }
    expect(all('leases', renter, 'Provider', 10)).toEqual([]);
    expect(all('orders', keyOf('Ferdie'), 'Renter', 10)).toEqual([]);
  });

  it('go on behind a cursor, even if what it names is gone', () => {
    const [first = 0, second = 0, ...rest] = all('orders', renter, 'Renter', 100);
    expect(page('orders', renter, 'Renter', first, 100).ids).toEqual([second, ...rest]);
    const index = [...chain.state.keys(storagePrefix('ResourceOrder', 'OrdersOfRenter'))];
    chain.state.delete(index[1] ?? new Uint8Array());
    expect(page('orders', renter, 'Renter', second, 100).ids).toEqual(rest);
  });

  it('tell all of a lease', () => {
    const answer = callApi(chain, 'LeasesApi', 'leases_of', renter.publicKey, 'Renter', null, 10) as Struct;
    const [first] = answer.get('leases') as Vec<Struct>;
    expect(first?.toJSON()).toMatchObject({
      lease: { renter: renter.address, provider: provider.address, status: 'Active' },
    });
  });
});

describe('what an account may withdraw', () => {
  const withdrawable = (who: Key) =>
    (callApi(chain, 'WithdrawableApi', 'withdrawable', who.publicKey) as Vec<Struct>).map((entry) => ({
      source: entry.get('source')?.toString(),
      available: BigInt(entry.get('available')?.toString() ?? ''),
      pending: BigInt(entry.get('pending')?.toString() ?? ''),
      nextAt: entry.get('nextAt')?.toJSON(),
    }));

  it('is nothing for a stranger, and for one whose stake is at work', () => {
    chain.stake();
    expect(withdrawable(keyOf('Ferdie'))).toEqual([]);
    expect(withdrawable(provider)).toEqual([]);
  });

  it('is stake that has unbonded; before, it is told when it will have', () => {
    chain.stake();
    chain.send(provider, 'Provider', 'unstake', 300n * HAM);
    const [told] = withdrawable(provider);
    expect(told).toMatchObject({ source: 'ProviderStake', available: 0n, pending: 300n * HAM });
    chain.pass(60_000n);
    const due = { source: 'ProviderStake', available: 300n * HAM, pending: 0n, nextAt: null };
    expect(withdrawable(provider)).toEqual([due]);
    const before = chain.account(provider.publicKey).reserved;
    chain.send(provider, 'Provider', 'withdraw_unbonded');
    expect(before - chain.account(provider.publicKey).reserved).toBe(300n * HAM);
    expect(withdrawable(provider)).toEqual([]);
  });

  it('is less where leases still need the stake', () => {
    chain.stake(30n * HAM);
    chain.machine();
    chain.order();
    chain.accept(1);
    chain.send(provider, 'Provider', 'unstake', 30n * HAM);
    chain.pass(60_000n);
    const [found] = withdrawable(provider);
    const locked = 2n * ((24n * HAM) / 10n);
    expect(found).toMatchObject({ available: 30n * HAM - locked, pending: locked, nextAt: null });
  });

  const registerGateway = (): void => {
    const peer = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust';
    chain.send(provider, 'Gateway', 'register', peer, ['/ip4/127.0.0.1/tcp/4001'], 'eu', 100n * HAM);
  };

  it('counts the stakes of a gateway by themselves', () => {
    registerGateway();
    chain.send(provider, 'Gateway', 'go_offline');
    const [stake] = withdrawable(provider);
    expect(stake).toMatchObject({ source: 'GatewayStake', available: 0n, pending: 100n * HAM });
    chain.pass(60_000n);
    const [due] = withdrawable(provider);
    expect(due).toMatchObject({ source: 'GatewayStake', available: 100n * HAM, pending: 0n });
  });

  /** The end of an era: everything before it is shared out. */
  const YEAR = 365n * 24n * 3_600_000n;

  it.each([
    { who: provider, source: 'GatewayRewards', pallet: 'Gateway', pot: POTS.gateways },
    { who: renter, source: 'ValidatorRewards', pallet: 'Validators', pot: POTS.validators },
  ])('tells $source, and the claim pays exactly that', ({ who, source, pallet, pot }) => {
    registerGateway();
    chain.send(renter, 'Balances', 'transfer_keep_alive', pot, 12n * HAM);
    chain.send(provider, 'Gateway', 'heartbeat');
    chain.pass(YEAR);
    const told = withdrawable(who).find((entry) => entry.source === source);
    expect(told?.available).toBeGreaterThan(0n);
    const free = (): bigint => chain.account(who.publicKey).free;
    const before = free();
    chain.send(who, pallet, 'claim_rewards');
    const fee = chain.events().find(([, name]) => name === 'TransactionFeePaid')?.[2][1];
    expect(free() - before + BigInt(String(fee))).toBe(told?.available);
    expect(withdrawable(who).find((entry) => entry.source === source)?.available ?? 0n).toBe(0n);
  });
});
