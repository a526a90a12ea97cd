import { toHex } from '@hamster/crypto';
import {
  concatBytes,
  Header,
  MemoryState,
  type ReportedFault,
  startsWith,
  StorageVersion,
  storagePrefix,
  storageVersionKey,
} from '@hamster/frame';
import {
  Account,
  BlockNumber,
  LastRuntimeUpgrade,
  Now,
  resourceOrder,
  Standstills,
  TotalIssuance,
} from '@hamster/pallets';
import { u64 } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRuntime, VERSION } from '../src/index.ts';
import { keyOf, TestChain } from './support/chain.ts';
import { OldChain, oldEntries } from './support/old-chain.ts';
import { sign } from './support/sign.ts';

const LEASES = storagePrefix('ResourceOrder', 'Leases');
const OLD = new Map(oldEntries().map(([key, value]) => [toHex(key), value]));

let chain: OldChain;
beforeEach(() => {
  chain = new OldChain();
});

const under = (...prefix: readonly [pallet: string, name: string]): Uint8Array[] => [
  ...chain.state.keys(storagePrefix(...prefix)),
];
const leases = () =>
  under('ResourceOrder', 'Leases').map((key) =>
    resourceOrder.Lease.decode(chain.state.get(key) ?? new Uint8Array()),
  );
const money = (name: Parameters<typeof keyOf>[0]) => Account.get(chain.at, keyOf(name).publicKey).data;
const versions = () =>
  ['Authorities', 'Provider', 'Arbitration', 'ResourceOrder'].map((pallet) =>
    StorageVersion.get(chain.at, pallet),
  );

/** Closed leases of nobody's order: much to migrate, and nothing else. */
const addLeases = (count: number): void => {
  const stored = [...OLD].filter(([key]) => key.startsWith(toHex(LEASES))).map(([, value]) => value);
  const closed = stored.find(
    (value) => resourceOrder.Lease.decode(concatBytes(value, Uint8Array.of(0))).closed,
  );
  for (let id = 0; id < count; id += 1) {
    const key = concatBytes(LEASES, new Uint8Array(8).fill(0xff), u64.encode(BigInt(1_000 + id)));
    chain.state.put(key, closed ?? new Uint8Array());
  }
};

describe('a chain that a release of specVersion 3 left behind', () => {
  it('has leases in their new shape, counted machines and its queued keys, and nothing else is touched', () => {
    chain.open({ marked: true });
    const written = ['System', 'MultiBlockMigrations', 'Aura', 'Grandpa', 'Authorities'];
    const isOwn = (key: Uint8Array): boolean =>
      written.some((pallet) => startsWith(key, storagePrefix(pallet, '').subarray(0, 16)));
    const isAccount = (key: Uint8Array): boolean => startsWith(key, storagePrefix('System', 'Account'));
    let appended = 0;
    for (const [key, value] of chain.state.entries()) {
      if (isOwn(key) && !isAccount(key)) continue;
      const old = OLD.get(toHex(key));
      const isLease = startsWith(key, LEASES);
      appended += isLease ? 1 : 0;
      if (old) expect(toHex(value)).toBe(toHex(isLease ? concatBytes(old, Uint8Array.of(0)) : old));
      else expect(NAMES).toContain(nameOf(key));
    }
    expect(appended).toBe(5);
    expect(versions()).toEqual([1, 1, 1, 1]);
    expect(under('Provider', 'ResourceCounts').map((key) => chain.state.get(key))).toEqual(
      expect.arrayContaining([Uint8Array.of(2, 0, 0, 0), Uint8Array.of(1, 0, 0, 0)]),
    );
    expect([under('Session', 'QueuedKeys'), under('Session', 'CurrentIndex')]).toEqual([[], []]);
  });

  it('goes on: money, leases and holds are kept, every invariant holds, and the keys that waited are in force', () => {
    const before = { issued: TotalIssuance.get(chain.at), charlie: money('Charlie'), bob: money('Bob') };
    chain.open({ marked: true });
    expect(money('Charlie')).toEqual(before.charlie);
    expect(money('Bob')).toEqual(before.bob);
    chain.close();
    chain.runtime.tryState(chain.state);
    expect(leases().map(({ status }) => status.type)).toEqual(
      expect.arrayContaining(['Active', 'Active', 'Disputed', 'Terminated']),
    );
    expect(under('Authorities', 'CurrentIndex').map((key) => chain.state.get(key))).toEqual([
      Uint8Array.of(2, 0, 0, 0),
    ]);
    expect(TotalIssuance.get(chain.at)).toBe(before.issued);
    expect(chain.faults).toEqual([]);
  });

  it('ends what had begun under the older rules, and holds nothing for it then', () => {
    const issued = TotalIssuance.get(chain.at);
    chain.open({ marked: true });
    chain.close();
    for (let block = 0; block < 200; block += 1) {
      chain.pass(19_000n);
      if (block % 10 === 0) chain.runtime.tryState(chain.state);
    }
    expect(
      leases().map(({ escrow, collateral, closed }) => [escrow, collateral, closed?.reason.type]),
    ).toEqual(expect.arrayContaining([[0n, 0n, 'ProviderFault']]));
    expect(leases().filter(({ closed }) => !closed)).toEqual([]);
    expect(money('Charlie').reserved).toBe(0n);
    expect(TotalIssuance.get(chain.at)).toBe(issued);
    expect(chain.faults).toEqual([]);
  });

  it('gives no time to vote back for a standstill from before, which its rules did not', () => {
    const opened = 1_700_000_125_000n;
    Standstills.put(chain.at, [{ from: opened, to: Now.get(chain.at) }]);
    chain.open({ marked: true });
    const counted = under('Arbitration', 'CountedFrom').map((key) => chain.state.get(key));
    expect(counted).toEqual([u64.encode(Now.get(chain.at))]);
    chain.close();
    const isOpen = () => leases().some(({ status }) => status.type === 'Disputed');
    // Voted on for a minute, and shown for another one.
    while (Now.get(chain.at) + 19_000n < opened + 120_000n) chain.pass(19_000n);
    expect(isOpen()).toBe(true);
    chain.pass(opened + 120_000n - Now.get(chain.at));
    expect(isOpen()).toBe(false);
    chain.runtime.tryState(chain.state);
  });

  it('is not executed by rules that are not its own, nor taken over from a version that nobody marked', () => {
    expect(() => chain.open()).toThrow(/version 3/);
    const older = new MemoryState();
    for (const [key, value] of oldEntries()) older.put(key, value);
    older.put(storagePrefix('System', 'LastRuntimeUpgrade'), Uint8Array.of(2 << 2, 0));
    chain = Object.assign(chain, { state: older });
    expect(() => chain.open({ marked: true })).toThrow(/version 2/);
  });
});

describe('a chain that a release of specVersion 4 left behind, most of it in the new shape already', () => {
  /** Half of what is left of a lease, at twice the price. */
  const withStretch = (lease: resourceOrder.Lease): resourceOrder.Lease => {
    const { settled_until, ends_at, escrow, price_per_hour } = lease;
    const stretch = {
      from: settled_until + (ends_at - settled_until) / 2n,
      price_per_hour: price_per_hour * 2n,
      escrow: escrow / 2n,
    };
    return {
      ...lease,
      rate_since: settled_until,
      rate_escrow: escrow - stretch.escrow,
      later: [stretch],
    };
  };

  it('keeps its prices ahead, its counts and its queued keys, and nothing is counted twice', () => {
    const migrated = new OldChain();
    migrated.open({ marked: true });
    LastRuntimeUpgrade.put(chain.at, { spec_version: 4, spec_name: 'hamster' });
    for (const name of ['CurrentIndex', 'QueuedKeys']) {
      const before = storagePrefix('Session', name);
      chain.state.put(storagePrefix('Authorities', name), chain.state.get(before) ?? new Uint8Array());
      chain.state.delete(before);
    }
    const isHere = [storagePrefix('Provider', 'ResourceCounts'), LEASES];
    const written = new Map<Uint8Array, string>();
    for (const key of isHere.flatMap((prefix) => [...migrated.state.keys(prefix)])) {
      const value = migrated.state.get(key) ?? new Uint8Array();
      const isLease = startsWith(key, LEASES);
      const lease = isLease ? resourceOrder.Lease.decode(value) : undefined;
      const isActive = lease?.status.type === 'Active' && lease.escrow > 0n;
      const put = isActive ? resourceOrder.Lease.encode(withStretch(lease)) : value;
      chain.state.put(key, put);
      written.set(key, toHex(put));
    }
    expect(written.size).toBe(2 + 5);
    expect(versions()).toEqual([0, 0, 0, 0]);
    chain.open({ marked: true });
    expect(versions()).toEqual([1, 1, 1, 1]);
    for (const [key, value] of written) expect(toHex(chain.state.get(key) ?? new Uint8Array())).toBe(value);
    expect(leases().flatMap(({ later }) => later).length).toBeGreaterThan(0);
    const index = storagePrefix('Authorities', 'CurrentIndex');
    expect(chain.state.get(index)).toEqual(migrated.state.get(index));
    chain.close();
    chain.runtime.tryState(chain.state);
    expect(chain.faults).toEqual([]);
  });
});

describe.each([5, 7])(
  'a chain that a release of specVersion %i left behind, in the shapes of today',
  (version) => {
    /** As it was stored: the same shapes and storage versions, under its own number. */
    const olderState = (): void => {
      chain.open({ marked: true });
      chain.close();
      LastRuntimeUpgrade.put(chain.at, { spec_version: version, spec_name: 'hamster' });
    };

    it('goes on without a migration, and keeps every entry but those of the block itself', () => {
      olderState();
      expect(() => chain.open()).toThrow(`version ${version}`);
      const before = new Map([...chain.state.entries()].map(([key, value]) => [toHex(key), toHex(value)]));
      chain.open({ marked: true });
      expect(under('MultiBlockMigrations', 'Cursor').map((key) => chain.state.get(key))).toEqual([]);
      expect(LastRuntimeUpgrade.get(chain.at)?.spec_version).toBe(VERSION.specVersion);
      const system = toHex(storagePrefix('System', '').subarray(0, 16));
      for (const [key, value] of chain.state.entries()) {
        if (!toHex(key).startsWith(system)) expect(toHex(value)).toBe(before.get(toHex(key)));
      }
      chain.close();
      for (let block = 0; block < 200; block += 1) chain.pass(19_000n);
      chain.runtime.tryState(chain.state);
      expect(leases().filter(({ closed }) => !closed)).toEqual([]);
      expect(chain.faults).toEqual([]);
    });
  },
);

const NAMES = ['ResourceCounts', 'CountedFrom', ':__STORAGE_VERSION__:'];
const nameOf = (key: Uint8Array): string | undefined =>
  NAMES.find((name) => startsWith(key.subarray(16), storagePrefix('', name).subarray(16)));

describe('more to migrate than a block has room for', () => {
  const modeOf = (logs: Header['digest']['logs']): number | undefined => {
    chain.state.begin();
    const hash = new Uint8Array(32);
    const number = BlockNumber.get(chain.at) + 1;
    const roots = { state_root: hash, extrinsics_root: hash };
    const header = Header.encode({ parent_hash: hash, number, ...roots, digest: { logs } });
    const [mode] = chain.runtime.call(chain.state, 'Core_initialize_block', header);
    chain.state.rollback();
    return mode;
  };

  it('takes several blocks, which have no transactions and in which nothing comes due, and counts as a standstill', () => {
    addLeases(8_400);
    const first = BlockNumber.get(chain.at) + 1;
    const bob = money('Bob');
    const charlie = keyOf('Charlie');
    const { nonce } = Account.get(chain.at, charlie.publicKey);
    const remark = sign(new TestChain(), charlie, ['System', 'remark', '0x00'], { nonce }).bytes;
    expect(modeOf([{ type: 'RuntimeEnvironmentUpdated' }])).toBe(1);
    chain.open({ marked: true });
    chain.setTime(200_000n);
    expect(() => chain.apply(remark)).toThrow(/no weight left/);
    chain.seal();
    expect(versions()).toEqual([1, 1, 1, 0]);
    while (versions().includes(0)) chain.pass(200_000n);
    expect(BlockNumber.get(chain.at) - first).toBe(1);
    expect(modeOf([])).toBe(0);
    expect(money('Bob')).toEqual(bob);
    expect(Standstills.get(chain.at)).toHaveLength(2);
    chain.runtime.tryState(chain.state);
    expect(leases().filter(({ closed }) => closed?.reason.type === 'ProviderFault')).toEqual([]);
    chain.open();
    chain.setTime(1_000n);
    chain.apply(remark);
    chain.seal();
    expect(Account.get(chain.at, charlie.publicKey).nonce).toBe(nonce + 1);
  });
});

describe('a migration that a still newer release takes over half-way', () => {
  it('begins anew on what is there, and comes to the same end', () => {
    addLeases(8_400);
    const before = new Map([...chain.state.entries()].map(([key, value]) => [toHex(key), toHex(value)]));
    const issued = TotalIssuance.get(chain.at);
    chain.open({ marked: true });
    chain.close();
    expect(versions()).toEqual([1, 1, 1, 0]);
    const specVersion = VERSION.specVersion + 1;
    const report = (fault: ReportedFault): void => void chain.faults.push(fault);
    const runtime = createRuntime({ version: { ...VERSION, specVersion }, report });
    chain = Object.assign(chain, { runtime });
    chain.open({ marked: true });
    chain.close();
    while (versions().includes(0)) chain.pass(1_000n);
    expect(LastRuntimeUpgrade.get(chain.at)?.spec_version).toBe(specVersion);
    const copies = under('ResourceOrder', 'Leases').filter((key) => key[LEASES.length] === 0xff);
    expect(copies).toHaveLength(8_400);
    for (const key of copies) {
      expect(toHex(chain.state.get(key) ?? new Uint8Array())).toBe(`${before.get(toHex(key)) ?? ''}00`);
    }
    expect(TotalIssuance.get(chain.at)).toBe(issued);
    chain.runtime.tryState(chain.state);
    expect(chain.faults).toEqual([]);
  });
});

describe('a state that cannot be migrated', () => {
  it('makes the block impossible, and is left as it was', () => {
    chain.state.put(concatBytes(LEASES, new Uint8Array(16).fill(0xff)), Uint8Array.of(1, 2, 3));
    const before = [...chain.state.entries()];
    chain.state.begin();
    expect(() => chain.open({ marked: true })).toThrow(/neither the old nor the new shape/);
    chain.state.rollback();
    expect([...chain.state.entries()]).toEqual(before);
  });
});

it('an upgraded chain has the storage versions of a new one, which every pallet has from its beginning', () => {
  chain.open({ marked: true });
  const fresh = new TestChain();
  for (const { name } of fresh.registry.metadata.pallets) {
    const pallet = name.toString();
    expect(fresh.state.get(storageVersionKey(pallet)), pallet).toHaveLength(2);
    expect(StorageVersion.get(chain.at, pallet), pallet).toBe(StorageVersion.get(fresh, pallet));
  }
});
