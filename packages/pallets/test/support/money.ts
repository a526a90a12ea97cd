import type { Outer } from '@hamster/frame';
import { mockChain } from '@hamster/frame/testing';
import { definePallet } from '@hamster/frame';
import {
  accountStore,
  balancesPallet,
  currencyOf,
  feeCurrencyOf,
  ledgerOf,
  systemPallet,
} from '../../src/index.ts';

export const ED = 10n;

export const account = (seed: number): Uint8Array => new Uint8Array(32).fill(seed);

const ZERO = { ref_time: 0n, proof_size: 0n };
const perClass = {
  base_extrinsic: ZERO,
  max_extrinsic: undefined,
  max_total: undefined,
  reserved: undefined,
};

/** As in the runtime, with a block of no size: nobody looks at it here. */
export const system = ({ event }: Pick<Outer, 'event'>) =>
  systemPallet({
    event,
    ss58Prefix: 42,
    blockLength: { max: { normal: 1, operational: 1, mandatory: 1 } },
    blockWeights: {
      base_block: ZERO,
      max_block: ZERO,
      per_class: { normal: perClass, operational: perClass, mandatory: perClass },
    },
    version: {
      specName: 'mock',
      implName: 'mock',
      authoringVersion: 1,
      specVersion: 1,
      implVersion: 1,
      transactionVersion: 1,
      stateVersion: 1,
      apis: [],
    },
  });

/** Only holds money, under two reasons. */
const holder = definePallet({ name: 'Holder', index: 9, holdReasons: ['Stake', 'Escrow'] });

/** System and balances, with the accounts endowed in order: the first is `account(1)`. */
export const moneyChain = (...amounts: readonly bigint[]) => {
  const build = (outer: Outer) => {
    const config = { accounts: accountStore, existentialDeposit: ED, holdReason: outer.holdReason };
    return { balances: balancesPallet(config), ledger: ledgerOf(config) };
  };
  let built: ReturnType<typeof build> | undefined;
  const balances = amounts.map((amount, index) => [
    `0x${Buffer.from(account(index + 1)).toString('hex')}`,
    amount,
  ]);
  const chain = mockChain({
    genesis: { balances: { balances } },
    pallets: (outer) => {
      built = build(outer);
      return [system(outer), built.balances, holder];
    },
  });
  if (!built) throw new RangeError('the pallets were not asked for');
  const { ledger } = built;
  return {
    chain,
    ledger,
    calls: built.balances.calls,
    currency: currencyOf(ledger),
    fees: feeCurrencyOf(ledger),
  };
};
