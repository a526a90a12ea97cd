import { GenesisError } from '@hamster/frame';
import { describe, expect, it } from 'vitest';
import { createRuntime, DEV_ACCOUNTS, EXISTENTIAL_DEPOSIT, HAM, POTS, PRESETS } from '../src/index.ts';
import { keyOf, TestChain } from './support/chain.ts';

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
  ])('refuses %s, naming the place', (_, config) => {
    expect(() => [...createRuntime().genesis(config)]).toThrow(GenesisError);
  });
});
