import { ss58Decode, toHex } from '@hamster/crypto';
import { type GenesisConfig, GenesisError } from '@hamster/frame';
import { describe, expect, it } from 'vitest';
import { createRuntime, DEV_ACCOUNTS, EXISTENTIAL_DEPOSIT, HAM, POTS, PRESETS } from '../src/index.ts';
import { keyOf, TestChain } from './support/chain.ts';

/** That of dev, but for what is given. */
const genesisWith = (config: GenesisConfig) => [...createRuntime().genesis({ ...PRESETS.dev, ...config })];

describe('genesis', () => {
  it('of dev funds the well-known accounts and the pots', () => {
    const chain = new TestChain();
    for (const name of ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']) {
      expect(chain.account(keyOf(name).publicKey).free).toBe(1_000_000n * HAM);
      expect(Object.values<string>(DEV_ACCOUNTS)).toContain(keyOf(name).address);
    }
    for (const pot of Object.values(POTS)) expect(chain.account(pot).free).toBe(EXISTENTIAL_DEPOSIT);
    chain.runtime.tryState(chain.state);
  });

  it('has nothing of a block', () => {
    expect(new TestChain().events()).toEqual([]);
  });

  it('has the entries that describe the runtime to others, made of the runtime itself', () => {
    const key = new TextEncoder().encode(':code');
    const told: unknown[] = [];
    const runtime = createRuntime({
      code: (described) => {
        told.push(described);
        return [[key, Uint8Array.of(1, 2, 3)]];
      },
    });
    const entries = [...runtime.genesis(PRESETS.dev)];
    expect(entries).toContainEqual([key, Uint8Array.of(1, 2, 3)]);
    expect(told).toEqual([runtime]);
    expect([...createRuntime().genesis(PRESETS.dev)]).toHaveLength(entries.length - 1);
  });

  it('is the same for the same configuration, also after a trip through JSON', () => {
    const entries = (config: Parameters<ReturnType<typeof createRuntime>['genesis']>[0]) => [
      ...createRuntime().genesis(config),
    ];
    const parsed = JSON.parse(JSON.stringify(PRESETS.dev)) as typeof PRESETS.dev;
    expect(entries(parsed)).toEqual(entries(PRESETS.dev));
  });

  it.each([
    ['an unknown pallet', { balance: {} }],
    ['money that is no number', { balances: { balances: [[DEV_ACCOUNTS.alice, '1 HAM']] } }],
    ['an address that was mistyped', { balances: { balances: [['5Grw', 1]] } }],
    ['an entry without amount', { balances: { balances: [[DEV_ACCOUNTS.alice]] } }],
    ['a list where an object belongs', { sudo: [] }],
    ['a number that is less than nothing', { provider: { parameters: { stake_per_core: -5 } } }],
    ['a count that is none', { resourceOrder: { parameters: { min_cpu_cores: 2 ** 40 } } }],
    ['an entry with more than that', { balances: { balances: [[DEV_ACCOUNTS.alice, HAM, HAM]] } }],
    ['a vote with more than a weight', { grandpa: { authorities: [[`0x${'11'.repeat(32)}`, 1, 1]] } }],
  ])('refuses %s, naming the place', (_, config) => {
    expect(() => genesisWith(config)).toThrow(GenesisError);
  });

  it.each([
    ['balances.balence', { balances: { balence: [] } }],
    ['sudo.kee', { sudo: { kee: DEV_ACCOUNTS.alice } }],
    ['aura.slot_duration', { aura: { slot_duration: 6000 } }],
    ['grandpa.authority', { grandpa: { authority: [] } }],
    ['validators.validator', { validators: { validator: [] } }],
    ['treasury.account', { treasury: { account: DEV_ACCOUNTS.alice } }],
    ['system.code', { system: { code: '0x00' } }],
    ['timestamp', { timestamp: 5 }],
    ['system', { system: ['code'] }],
    ['provider.parameters.unbond', { provider: { parameters: { unbond: 5 } } }],
    ['resourceOrder.paramaters', { resourceOrder: { paramaters: { hour: 5 } } }],
    ['gateway.min_stake', { gateway: { min_stake: 5 } }],
    ['arbitration.parameter', { arbitration: { parameter: {} } }],
  ])('refuses %s, which would be as if nothing had been said', (place, config) => {
    expect(() => genesisWith(config)).toThrow(`Genesis configuration: ${place} should be `);
  });

  it.each([
    ['aura', { authorities: [] }],
    ['aura', {}],
    ['aura', undefined],
    ['grandpa', { authorities: [] }],
    ['grandpa', undefined],
  ])('refuses %s of %j: there would be no block, or none that is final', (pallet, config) => {
    expect(() => genesisWith({ [pallet]: config })).toThrow(
      `Genesis configuration: ${pallet}.authorities should be a list with the public key `,
    );
  });

  it.each([
    ['gateway.parameters.slash', 'gateway', { era: '60000', slash: 1_000_001 }],
    ['resourceOrder.parameters.suspend_after', 'resourceOrder', { suspend_after: '1', due_per_block: 9 }],
    ['provider.parameters.stake_per_core', 'provider', { stake_per_core: -5 }],
    ['arbitration.parameters', 'arbitration', { commit_period: '0', reveal_period: '0' }],
  ])(
    'refuses %s with which the rules could not work, by its name where it is one',
    (place, pallet, parameters) => {
      expect(() => genesisWith({ [pallet]: { parameters } })).toThrow(
        `Genesis configuration: ${place} should be `,
      );
    },
  );

  it.each(['0', String(2n ** 64n)])('refuses slots of %s ms', (slotDuration) => {
    expect(() => genesisWith({ aura: { ...(PRESETS.dev['aura'] as object), slotDuration } })).toThrow(
      'Genesis configuration: aura.slotDuration should be a time in ms above 0 and below 2^64',
    );
  });

  it.each([
    ['too little to live on', [EXISTENTIAL_DEPOSIT - 1n]],
    ['nothing at all', [0n]],
    ['more than there can be', [(1n << 128n) - 1n]],
  ])('refuses %s, naming the account’s entry', (_, [amount]) => {
    const balances = [
      [DEV_ACCOUNTS.bob, HAM],
      [DEV_ACCOUNTS.alice, amount],
    ];
    expect(() => genesisWith({ balances: { balances } })).toThrow(
      /Genesis configuration: balances\.balances\[1\]\[1\] should be at least the existential deposit/,
    );
  });

  it('refuses an account with two balances, naming the second', () => {
    const inHex = toHex(ss58Decode(DEV_ACCOUNTS.bob).accountId);
    const balances = [DEV_ACCOUNTS.bob, DEV_ACCOUNTS.alice, inHex].map((account) => [account, HAM]);
    expect(() => genesisWith({ balances: { balances } })).toThrow(
      `Genesis configuration: balances.balances[2][0] should be an account that has no balance yet, but is "${inHex}"`,
    );
  });

  it.each(['aura', 'grandpa'] as const)(
    'refuses a key twice among those of %s, naming the second',
    (pallet) => {
      const keys = ['11', '22', '11'].map((byte) => `0x${byte.repeat(32)}`);
      const authorities = pallet === 'aura' ? keys : keys.map((key) => [key, 1]);
      const place = `${pallet}.authorities[2]${pallet === 'aura' ? '' : '[0]'}`;
      expect(() => genesisWith({ [pallet]: { authorities } })).toThrow(
        `Genesis configuration: ${place} should be a key that is not in the list yet, but is "${keys[2]}"`,
      );
    },
  );

  it('refuses two validators with one key, naming the second', () => {
    const keys = { aura: `0x${'11'.repeat(32)}`, grandpa: `0x${'22'.repeat(32)}` };
    const validators = [DEV_ACCOUNTS.alice, DEV_ACCOUNTS.bob].map((account) => ({ account, ...keys }));
    expect(() => genesisWith({ validators: { validators } })).toThrow(
      /validators\.validators\[1\] should be a validator with keys of its own/,
    );
  });
});
