import fc from 'fast-check';

import { DEV_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { DEV_PARAMETERS as GATEWAY } from '../../src/gateway/parameters.ts';
import { DEV_PARAMETERS as PROVIDER } from '../../src/provider/parameters.ts';
import { DEV_PARAMETERS as ERAS } from '../../src/validators/parameters.ts';
import { account, PEOPLE, POTS, VALIDATORS } from './fixtures.ts';
import { amount, type Args, type Attempt, attemptsOn, fixed, id } from './hostile.ts';
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
const somebody = fc.constantFrom(...PEOPLE, ...VALIDATORS, POTS.treasury, account(0x42));
const keys = fc
  .integer({ min: 0, max: 255 })
  .map((byte) => ({ aura: account(byte), grandpa: account(255 - byte) }));

const ARBITRATION: Readonly<Record<string, Args>> = {
  open_dispute: fixed({ lease: id, claim, evidence_hash: hash }),
  commit_vote: fixed({ dispute: id, hash }),
  reveal_vote: fixed({ dispute: id, verdict, observed, salt: hash }),
};

const SETS: Readonly<Record<string, Args>> = {
  add_validator: fixed({ validator: somebody, keys }),
  remove_validator: fixed({ validator: somebody }),
  set_keys: fixed({ validator: somebody, keys }),
};

const beneficiary = somebody.map((value) => ({ type: 'Id', value }));

type Numbers = Readonly<Record<string, bigint | number>>;

/** The numbers of the rules with one of them changed: to something that may be wanted, or to nonsense. */
const changed = (parameters: Numbers, kept: readonly string[] = []): Args =>
  fc
    .tuple(
      fc.constantFrom(...Object.keys(parameters).filter((name) => !kept.includes(name))),
      fc.constantFrom(0, 1, 2, 3, 10, 1_000, 50_000, 100_000, 1_000_000, 2 ** 32 - 1),
    )
    .map(([name, value]) => () => {
      const number = typeof parameters[name] === 'bigint' ? BigInt(value) : value;
      return { parameters: { ...parameters, [name]: number } };
    });

/** Everything about disputes, validators and rewards, by anybody. */
export const hostileCourt: fc.Arbitrary<Attempt> = fc.oneof(
  attemptsOn('arbitration', { ...ARBITRATION, set_parameters: changed(COURT) }),
  attemptsOn('validators', { ...SETS, claim_rewards: fixed({}), set_parameters: changed(ERAS) }),
  attemptsOn('provider', { set_parameters: changed(PROVIDER) }),
  attemptsOn('treasury', { spend: fixed({ beneficiary, amount }) }),
);

const ROOT = [undefined];

/** What root may do, sensible or not. The hour and the notice stay, since the audit of rents counts with them. */
export const rootDoes: fc.Arbitrary<Attempt> = fc.oneof(
  attemptsOn('validators', SETS, ROOT),
  attemptsOn('treasury', { spend: fixed({ beneficiary, amount }) }, ROOT),
  attemptsOn('arbitration', { set_parameters: changed(COURT) }, ROOT),
  attemptsOn('gateway', { set_parameters: changed(GATEWAY) }, ROOT),
  attemptsOn('provider', { set_parameters: changed(PROVIDER) }, ROOT),
  attemptsOn('validators', { set_parameters: changed(ERAS) }, ROOT),
  attemptsOn(
    'resourceOrder',
    { set_parameters: changed(RULES, ['hour', 'notice_hours', 'max_hours']) },
    ROOT,
  ),
);
