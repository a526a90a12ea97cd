import { minOf } from '@hamster/frame';
import fc from 'fast-check';

import { DEV_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { DEV_PARAMETERS as GATEWAY } from '../../src/gateway/parameters.ts';
import { DEV_PARAMETERS as PROVIDER } from '../../src/provider/parameters.ts';
import { DEV_PARAMETERS as ERAS } from '../../src/validators/parameters.ts';
import { account, POTS } from './fixtures.ts';
import { amount, type Args, type Attempt, attemptsOn, EVERYBODY, fixed, id } from './hostile.ts';
import { RULES } from './rules.ts';

const hash = fc.integer({ min: 0, max: 3 }).map(account);
const verdict = fc
  .constantFrom('ProviderAtFault', 'ClaimUnfounded', 'Inconclusive')
  .map((type) => ({ type }));
const observed = fc.record({
  reachable: fc.boolean(),
  ...{ cpu_cores: fc.nat(8), memory_mib: fc.nat(8), disk_gib: fc.nat(8) },
});
const claim = fc.constantFrom('Unreachable', 'SpecMismatch', 'Other').map((type) => ({ type }));
const somebody = fc.constantFrom(...EVERYBODY, POTS.treasury);
const keys = fc
  .integer({ min: 0, max: 255 })
  .map((byte) => ({ aura: account(byte), grandpa: account(255 - byte) }));

export const COURT_CALLS: Readonly<Record<string, Args>> = {
  open_dispute: fixed({ lease: id, claim, evidence_hash: hash }),
  commit_vote: fixed({ dispute: id, hash }),
  reveal_vote: fixed({ dispute: id, verdict, observed, salt: hash }),
};

const SETS: Readonly<Record<string, Args>> = {
  add_validator: fixed({ validator: somebody, keys }),
  remove_validator: fixed({ validator: somebody }),
  set_keys: fixed({ validator: somebody, keys }),
};

export const VALIDATOR_CALLS: Readonly<Record<string, Args>> = { ...SETS, claim_rewards: fixed({}) };

const beneficiary = fc.oneof(
  { weight: 8, arbitrary: somebody.map((value) => ({ type: 'Id', value })) },
  fc.constant({ type: 'Index' }),
);

export const SPEND_CALLS: Readonly<Record<string, Args>> = { spend: fixed({ beneficiary, amount }) };

type Numbers = Readonly<Record<string, bigint | number>>;

const LARGEST_COUNT = 2n ** 32n - 1n;
const values = [0n, 1n, 2n, 3n, 10n, 1_000n, 50_000n, 100_000n, 1_000_000n, LARGEST_COUNT, 2n ** 63n];

/** The numbers of the rules with one of them changed: to something that may be wanted, to nonsense, or to what nobody has. */
const changed = (parameters: Numbers): Args =>
  fc
    .tuple(fc.constantFrom(...Object.keys(parameters)), fc.constantFrom(...values))
    .map(([name, value]) => () => {
      const number = typeof parameters[name] === 'bigint' ? value : Number(minOf(value, LARGEST_COUNT));
      return { parameters: { ...parameters, [name]: number } };
    });

const PARAMETERS = {
  Arbitration: ['arbitration', { set_parameters: changed(COURT) }],
  Gateway: ['gateway', { set_parameters: changed(GATEWAY) }],
  Provider: ['provider', { set_parameters: changed(PROVIDER) }],
  Validators: ['validators', { set_parameters: changed(ERAS) }],
  ResourceOrder: ['resourceOrder', { set_parameters: changed(RULES) }],
} as const;

/** Pallets whose parameters are changed. */
export const PARAMETER_CALLS = Object.keys(PARAMETERS);

/** Everything about disputes, validators and rewards, by anybody. */
export const hostileCourt: fc.Arbitrary<Attempt> = fc.oneof(
  attemptsOn('arbitration', COURT_CALLS),
  attemptsOn('validators', VALIDATOR_CALLS),
  attemptsOn('treasury', SPEND_CALLS),
  attemptsOn(...PARAMETERS.Arbitration),
  attemptsOn(...PARAMETERS.Validators),
  attemptsOn(...PARAMETERS.Provider),
);

const ROOT = [undefined];

/** What root may do, sensible or not. */
export const rootDoes: fc.Arbitrary<Attempt> = fc.oneof(
  attemptsOn('validators', SETS, ROOT),
  attemptsOn('treasury', SPEND_CALLS, ROOT),
  ...Object.values(PARAMETERS).map(([pallet, calls]) => attemptsOn(pallet, calls, ROOT)),
);
