import { NONE } from '@hamster/frame';
import fc from 'fast-check';

import { account, EXISTENTIAL_DEPOSIT, HAM, POTS } from './fixtures.ts';
import { amount, type Args, type Attempt, attemptsOn, EVERYBODY, fixed, text } from './hostile.ts';

const idOf = (value: Uint8Array) => ({ type: 'Id' as const, value });

/**
 * Anybody but the pots. Root could take what a pot owes to those who have earned it, which no rule can forbid to whoever sets
 * balances; everybody else can pay into them.
 */
const person = fc.constantFrom(...EVERYBODY).map(idOf);

const strangeAddress = fc.constantFrom(
  ...[{ type: 'Index' }, { type: 'Raw', value: new Uint8Array(3) }],
  ...[
    { type: 'Address32', value: account(0xa1) },
    { type: 'Address20', value: new Uint8Array(20) },
  ],
);
const somebody = fc.oneof({ weight: 8, arbitrary: person }, strangeAddress);
const anywhere = fc.oneof(
  { weight: 8, arbitrary: somebody },
  fc.constantFrom(...Object.values(POTS)).map(idOf),
);

/** At the edges of what an account lives on, and of what a number holds. */
const edge = fc.oneof(
  { weight: 4, arbitrary: amount },
  fc.constantFrom(EXISTENTIAL_DEPOSIT - 1n, EXISTENTIAL_DEPOSIT, EXISTENTIAL_DEPOSIT + 1n),
  fc.constantFrom(1_000_000n * HAM, 2n ** 127n),
);

export const BALANCES_CALLS: Readonly<Record<string, Args>> = {
  transfer_allow_death: fixed({ dest: anywhere, value: edge }),
  transfer_keep_alive: fixed({ dest: anywhere, value: edge }),
  transfer_all: fixed({ dest: anywhere, keep_alive: fc.boolean() }),
  force_transfer: fixed({ source: somebody, dest: anywhere, value: edge }),
  force_set_balance: fixed({ who: somebody, new_free: edge }),
  burn: fixed({ value: edge, keep_alive: fc.boolean() }),
};

export const SYSTEM_CALLS: Readonly<Record<string, Args>> = {
  remark: fixed({ remark: text }),
  remark_with_event: fixed({ remark: text }),
};

export const TIMESTAMP_CALLS: Readonly<Record<string, Args>> = {
  set: fc.constantFrom(-1n, 0n, 1n, 1_000n, 2n ** 50n).map((ahead) => (now) => ({ now: now + ahead })),
};

const keys = fc
  .integer({ min: 1, max: 4 })
  .map((byte) => ({ aura: account(byte), grandpa: account(255 - byte) }));

export const AUTHORITIES_CALLS: Readonly<Record<string, Args>> = {
  schedule_change: fixed({ authorities: fc.array(keys, { maxLength: 3 }) }),
};

/** The key itself; what it is used for is in the nested calls. */
export const KEY_CALLS: Readonly<Record<string, Args>> = {
  set_key: fixed({ new: somebody }),
  remove_key: fixed({}),
};

/** Everything about money and about the chain itself, by anybody. */
export const hostileMoney: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 6, arbitrary: attemptsOn('balances', BALANCES_CALLS) },
  attemptsOn('system', SYSTEM_CALLS),
  attemptsOn('timestamp', TIMESTAMP_CALLS),
  attemptsOn('authorities', AUTHORITIES_CALLS),
  attemptsOn('sudo', KEY_CALLS),
);

const ROOT = [undefined];

const unsigned =
  (attempt: Attempt): Attempt =>
  (m) => {
    const move = attempt(m);
    return move && { ...move, origin: NONE };
  };

/** What root may do to balances and to the chain itself, and what the author of a block may do, who signs nothing. */
export const rootDoesMoney: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 6, arbitrary: attemptsOn('balances', BALANCES_CALLS, ROOT) },
  { weight: 2, arbitrary: attemptsOn('authorities', AUTHORITIES_CALLS, ROOT) },
  attemptsOn('system', SYSTEM_CALLS, ROOT),
  attemptsOn('sudo', { set_key: KEY_CALLS['set_key'] ?? fixed({}) }, ROOT),
  attemptsOn('timestamp', TIMESTAMP_CALLS, ROOT).map(unsigned),
);
