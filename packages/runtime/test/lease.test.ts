import { arbitration } from '@hamster/pallets';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXISTENTIAL_DEPOSIT, HAM, POTS } from '../src/index.ts';
import { GENESIS_HASH, type Key, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const [renter, provider, relay] = [keyOf('Alice'), keyOf('Bob'), keyOf('Charlie')];
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const PEER_ID = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust';
const CAPACITY = { cpu_cores: 8, memory_mib: 16_384, disk_gib: 200, gpus: 0 };
const PRICES = { cpu_core_hour: HAM, memory_gib_hour: HAM / 10n, disk_gib_hour: HAM / 100n };
const SPEC = { cpu_cores: 2, memory_mib: 2_048, disk_gib: 20 };

let chain: TestChain;
let nonces: Map<Key, number>;
beforeEach(() => {
  chain = new TestChain();
  nonces = new Map();
});

const send = (key: Key, pallet: string, call: string, ...args: readonly unknown[]): void => {
  const nonce = nonces.get(key) ?? 0;
  nonces.set(key, nonce + 1);
  const [result] = chain.block(sign(chain, key, [pallet, call, ...args], { nonce }));
  expect(result).toMatchObject({ ok: true });
};

const has = (event: string): boolean =>
  chain.events().some(([pallet, name]) => `${pallet}.${name}` === event);

describe('a lease, by transactions of unmodified clients', () => {
  it('is ordered, accepted and ended, and every planck is accounted for', () => {
    const until = 1_700_000_000_000n + 30n * 86_400_000n;
    send(provider, 'Provider', 'stake', 1_000n * HAM);
    send(
      provider,
      'Provider',
      'register_resource',
      PEER_ID,
      CAPACITY,
      PRICES,
      until,
      ['debian-13'],
      'Kvm',
      'cpu',
      'eu',
    );
    send(renter, 'ResourceOrder', 'create_order', 1, SPEC, 2, 'debian-13', HOST_KEY, 100n * HAM);
    expect(has('resourceOrder.OrderCreated')).toBe(true);
    const price = 2n * HAM + (2n * HAM) / 10n + (20n * HAM) / 100n;
    expect(chain.account(renter.publicKey).reserved).toBe(2n * price);

    send(provider, 'ResourceOrder', 'accept_order', 1, HOST_KEY);
    expect(has('resourceOrder.OrderAccepted')).toBe(true);
    send(provider, 'ResourceOrder', 'heartbeat', [{ lease: 1, ...SPEC, running: true }]);
    send(renter, 'ResourceOrder', 'terminate_lease', 1);
    expect(has('resourceOrder.LeaseClosed')).toBe(true);
    expect(chain.account(renter.publicKey).reserved).toBe(0n);
    expect(chain.account(POTS.gateways).free).toBeGreaterThan(EXISTENTIAL_DEPOSIT);
  });

  it('lets whoever executes the block do something else between two that are due', () => {
    const until = 1_700_000_000_000n + 30n * 86_400_000n;
    send(provider, 'Provider', 'stake', 1_000n * HAM);
    const labels = [['debian-13'], 'Kvm', 'cpu', 'eu'] as const;
    send(provider, 'Provider', 'register_resource', PEER_ID, CAPACITY, PRICES, until, ...labels);
    for (let orders = 0; orders < 3; orders += 1) {
      send(renter, 'ResourceOrder', 'create_order', 1, SPEC, 2, 'debian-13', HOST_KEY, 100n * HAM);
    }
    expect(chain.stops).toBe(0);
    chain.pass(60n * 60_000n);
    expect(chain.events().filter(([, name]) => name === 'OrderExpired')).toHaveLength(3);
    expect(chain.stops).toBe(3);
  });

  it('outlives a chain that stands still: nobody could report, and nobody pays', () => {
    send(provider, 'Provider', 'stake', 1_000n * HAM);
    const until = 1_700_000_000_000n + 30n * 86_400_000n;
    const labels = [['debian-13'], 'Kvm', 'cpu', 'eu'] as const;
    send(provider, 'Provider', 'register_resource', PEER_ID, CAPACITY, PRICES, until, ...labels);
    send(relay, 'Gateway', 'register', PEER_ID, ['/ip4/127.0.0.1/tcp/4001'], 'eu', 100n * HAM);
    send(renter, 'ResourceOrder', 'create_order', 1, SPEC, 6, 'debian-13', HOST_KEY, 100n * HAM);
    send(provider, 'ResourceOrder', 'accept_order', 1, HOST_KEY);
    // Ten times as long as what is a fault, and longer than what drops a gateway.
    chain.pass(30n * 60_000n);
    expect(has('resourceOrder.LeaseClosed') || has('gateway.Dropped')).toBe(false);
    const report = [{ lease: 1, ...SPEC, running: true }];
    const before = chain.account(renter.publicKey);
    send(provider, 'ResourceOrder', 'heartbeat', report);
    const price = 2n * HAM + (2n * HAM) / 10n + (20n * HAM) / 100n;
    // Three hours of ten minutes come back; the seconds with blocks are paid.
    expect(chain.account(renter.publicKey).free - before.free).toBe(3n * price);
    expect(has('resourceOrder.Settled')).toBe(true);
    send(relay, 'Gateway', 'heartbeat');
    // Silence with blocks is what it always was.
    const isFault = (): boolean => has('resourceOrder.LeaseClosed') && has('resourceOrder.Settled') === false;
    for (let step = 0; step < 12 && !isFault(); step += 1) chain.pass(20_000n);
    expect(isFault()).toBe(true);
  });

  it('is disputed; the panel votes, and the money goes where the verdict says', () => {
    send(provider, 'Provider', 'stake', 1_000n * HAM);
    const until = 1_700_000_000_000n + 30n * 86_400_000n;
    const labels = [['debian-13'], 'Kvm', 'cpu', 'eu'] as const;
    send(provider, 'Provider', 'register_resource', PEER_ID, CAPACITY, PRICES, until, ...labels);
    send(renter, 'ResourceOrder', 'create_order', 1, SPEC, 2, 'debian-13', HOST_KEY, 100n * HAM);
    send(provider, 'ResourceOrder', 'accept_order', 1, HOST_KEY);
    send(renter, 'Arbitration', 'open_dispute', 1, 'Unreachable', GENESIS_HASH);
    const observed = { reachable: false, ...SPEC };
    const voters = [keyOf('Dave'), keyOf('Ferdie')];
    for (const voter of voters) {
      const vote = { verdict: { type: 'ProviderAtFault' as const }, observed };
      const hash = arbitration.commitmentOf({
        dispute: 1n,
        voter: voter.publicKey,
        vote,
        salt: GENESIS_HASH,
      });
      send(voter, 'Arbitration', 'commit_vote', 1, hash);
    }
    for (let block = 0; block < 60; block += 1) chain.block();
    const before = voters.map((voter) => chain.account(voter.publicKey).free);
    for (const voter of voters) {
      send(voter, 'Arbitration', 'reveal_vote', 1, 'ProviderAtFault', observed, GENESIS_HASH);
    }
    const decided = (): boolean => has('arbitration.DisputeDecided');
    for (let block = 0; block < 60 && !decided(); block += 1) chain.block();
    expect(decided() && has('resourceOrder.LeaseClosed')).toBe(true);
    expect(chain.account(renter.publicKey).reserved).toBe(0n);
    const collateral = 2n * (2n * HAM + (2n * HAM) / 10n + (20n * HAM) / 100n);
    expect(chain.account(provider.publicKey).reserved).toBe(1_000n * HAM - collateral);
    voters.forEach((voter, index) => {
      const gained = chain.account(voter.publicKey).free - (before[index] ?? 0n);
      expect(gained).toBeGreaterThan(collateral / 20n - HAM / 100n);
    });
  });

  it('pays a gateway’s stake into a hold', () => {
    const gateway = keyOf('Charlie');
    send(gateway, 'Gateway', 'register', PEER_ID, ['/ip4/127.0.0.1/tcp/4001'], 'eu', 100n * HAM);
    expect(chain.account(gateway.publicKey).reserved).toBe(100n * HAM);
  });
});
