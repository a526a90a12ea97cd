import { addWeights, type DecodedExtrinsic, NO_WEIGHT } from '@hamster/frame';
import { BlockWeight, chargeMandatory } from '@hamster/pallets';
import type { RuntimeDispatchInfo } from '@polkadot/types/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_WEIGHTS } from '../src/constants.ts';
import { HAM } from '../src/index.ts';
import { type Key, keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const [root, provider, renter, relay, stranger] = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve'].map((name) =>
  keyOf(name),
) as [Key, Key, Key, Key, Key];
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const PEER_ID = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust';
const SPEC = { cpu_cores: 1, memory_mib: 64, disk_gib: 1 };
const INTERVAL = 20_000n;
const DAY = 86_400_000n;

type Call = Parameters<typeof sign>[2];

let chain: TestChain;
let nonces: Map<Key, number>;

const signed = (key: Key, call: Call, ahead = 0): DecodedExtrinsic =>
  sign(chain, key, call, { nonce: (nonces.get(key) ?? 0) + ahead });
const apply = (key: Key, ...call: Call): void => {
  expect(chain.apply(signed(key, call))).toMatchObject({ ok: true });
  nonces.set(key, (nonces.get(key) ?? 0) + 1);
};
const refuses = (key: Key, ...call: Call): void =>
  expect(() => chain.apply(signed(key, call))).toThrow(/no weight left/);

const inner = (callIndex: readonly [number, number], ...args: readonly unknown[]) =>
  chain.registry.createType('Call', { callIndex, args });
const reports = (...leases: readonly number[]) => leases.map((lease) => ({ lease, ...SPEC, running: true }));
const beat = (...leases: readonly number[]): Call => ['ResourceOrder', 'heartbeat', reports(...leases)];

/** As if ordinary transactions had taken all that they may. */
const fill = (): void => {
  const { max_total: most = NO_WEIGHT } = BLOCK_WEIGHTS.per_class.normal;
  BlockWeight.update(chain, (used) => ({ ...used, normal: { ...used.normal, ref_time: most.ref_time } }));
};

beforeEach(() => {
  chain = new TestChain();
  nonces = new Map();
  chain.open();
  apply(provider, 'Provider', 'stake', 1_000n * HAM);
  const capacity = { cpu_cores: 8, memory_mib: 16_384, disk_gib: 200, gpus: 0 };
  const prices = { cpu_core_hour: HAM, memory_gib_hour: 0n, disk_gib_hour: 0n };
  const until = 1_700_000_000_000n + 30n * DAY;
  const labels = [['debian-13'], 'Kvm', 'cpu', 'eu'] as const;
  apply(provider, 'Provider', 'register_resource', PEER_ID, capacity, prices, until, ...labels);
  for (const lease of [1, 2]) {
    apply(renter, 'ResourceOrder', 'create_order', 1, SPEC, 2, 'debian-13', HOST_KEY, 100n * HAM);
    apply(provider, 'ResourceOrder', 'accept_order', lease, HOST_KEY);
  }
  apply(relay, 'Gateway', 'register', PEER_ID, ['/ip4/127.0.0.1/tcp/4001'], 'eu', 100n * HAM);
  chain.close();
  // Not so far apart that it were a standstill.
  for (let step = 0; step < 2; step += 1) chain.pass(INTERVAL / 2n);
});

describe('a block full of orders', () => {
  const capacity = { cpu_cores: 256, memory_mib: 16_384, disk_gib: 256, gpus: 0 };
  const free = { cpu_core_hour: 0n, memory_gib_hour: 0n, disk_gib_hour: 0n };
  const offer = [capacity, free, 1_700_000_000_000n + 30n * DAY, ['debian-13'], 'Kvm', 'cpu', 'eu'] as const;
  const slice = [SPEC, 1, 'debian-13', HOST_KEY, 0n] as const;

  const orders = (machine: number): boolean => {
    try {
      apply(renter, 'ResourceOrder', 'create_order', machine, ...slice);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringContaining('no weight left') as string });
      return false;
    }
  };
  const expired = (): number => chain.events().filter(([, name]) => name === 'OrderExpired').length;

  it('has no more of them than a later one expires, when nobody answers', () => {
    chain.open();
    apply(provider, 'Provider', 'register_resource', PEER_ID, ...offer);
    apply(provider, 'Provider', 'register_resource', PEER_ID, ...offer);
    chain.close();
    chain.open();
    // A machine has 256 slices.
    const taken = Array.from({ length: 512 }, (_, index) => 2 + (index >> 8)).findIndex((id) => !orders(id));
    expect(taken).toBeGreaterThan(250);
    chain.close();
    for (let time = 0; time < 290; time += 10) chain.pass(10_000n);
    expect(expired()).toBe(0);
    chain.pass(10_000n);
    expect(expired()).toBe(taken);
  });
});

describe('a block that is full', () => {
  it('has room for who reports, and for nobody else', () => {
    chain.open();
    fill();
    refuses(stranger, 'System', 'remark', '0x00');
    refuses(stranger, ...beat(1));
    refuses(stranger, 'Gateway', 'heartbeat');
    refuses(stranger, 'Validators', 'set_parameters', { era: 60_000 });
    refuses(stranger, 'Sudo', 'sudo', inner([14, 4], { era: 60_000 }));
    refuses(provider, 'Utility', 'batch', [inner([11, 4], reports(1))]);
    apply(provider, ...beat(1));
    apply(relay, 'Gateway', 'heartbeat');
    apply(root, 'Sudo', 'sudo', inner([14, 4], { era: 60_000 }));
    // Once in half an interval.
    refuses(provider, ...beat(1));
    refuses(relay, 'Gateway', 'heartbeat');
    apply(provider, ...beat(2, 1));
    chain.close();
    const classes = chain
      .events()
      .filter(([, name]) => name === 'ExtrinsicSuccess')
      .map(([, , [info]]) => (info as unknown as RuntimeDispatchInfo).class.type);
    expect(classes.filter((name) => name === 'Operational')).toHaveLength(4);
  });

  it('has it however much the chain’s own work takes', () => {
    chain.open();
    fill();
    const used = BlockWeight.get(chain);
    const total = [used.normal, used.operational, used.mandatory].reduce(addWeights);
    chargeMandatory(chain, { ref_time: 10n ** 12n - total.ref_time, proof_size: 0n });
    refuses(stranger, 'System', 'remark', '0x00');
    apply(provider, ...beat(1));
    apply(relay, 'Gateway', 'heartbeat');
    chain.close();
  });

  it('keeps leases alive that would have ended as faults', () => {
    for (let block = 0; block < 24; block += 1) {
      chain.open(INTERVAL / 2n);
      fill();
      if (block % 2 === 0) apply(provider, ...beat(1, 2));
      chain.close();
    }
    chain.open();
    apply(renter, 'ResourceOrder', 'terminate_lease', 1);
    chain.close();
  });

  it('is entered in front of any tip, by the first one of an account', () => {
    const priority = (key: Key, call: Call, ahead = 0): bigint =>
      chain.validate(signed(key, call, ahead)).priority;
    const dear = chain.validate(sign(chain, stranger, ['System', 'remark', '0x00'], { tip: 900_000n * HAM }));
    expect(priority(provider, beat(1))).toBeGreaterThan(dear.priority);
    expect(priority(relay, ['Gateway', 'heartbeat'])).toBeGreaterThan(dear.priority);
    expect(priority(provider, beat(1), 1)).toBeLessThan(dear.priority);
    expect(priority(stranger, beat(1))).toBeLessThan(dear.priority);
  });
});

describe('the room that is kept', () => {
  const weightOf = (call: Call): bigint => {
    const { bytes } = signed(provider, call);
    const length = Uint8Array.of(bytes.length & 255, bytes.length >> 8, 0, 0);
    const answer = chain.runtime.call(
      chain.state,
      'TransactionPaymentApi_query_info',
      Uint8Array.from([...bytes, ...length]),
    );
    const info = chain.registry.createType<RuntimeDispatchInfo>('RuntimeDispatchInfo', answer);
    return info.weight.refTime.toBigInt();
  };

  it('is for hundreds of reports or of gateways in a block', () => {
    const { reserved, base_extrinsic: base } = BLOCK_WEIGHTS.per_class.operational;
    const room = reserved?.ref_time ?? 0n;
    const fits = (call: Call): bigint => room / (weightOf(call) + base.ref_time);
    const full = beat(...Array.from({ length: 64 }, (_, index) => index + 1));
    expect(64n * fits(full)).toBeGreaterThan(500n);
    expect(fits(beat(1))).toBeGreaterThan(300n);
    expect(fits(['Gateway', 'heartbeat'])).toBeGreaterThan(600n);
  });
});
