import { badOrigin, type FailureFactory, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/validators/errors.ts';
import { PUBLIC_PARAMETERS } from '../../src/validators/parameters.ts';
import { Committed, Era, Rewards, ValidatorInfo, Validators } from '../../src/validators/storage.ts';
import { MAX_VALIDATORS } from '../../src/validators/types.ts';
import { account, ALICE, BOB, DAVE, DAY, EVE, FRANK, GRACE, HAM, HOUR, POTS } from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';

const keysOf = (byte: number) => ({ aura: account(byte), grandpa: account(byte ^ 0xff) });
const refusedRoot = (m: Market, run: Parameters<typeof assertNoop>[1], error: FailureFactory): void =>
  assertNoop(m.chain, run, error);
const fund = (m: Market, amount: bigint): void =>
  m.currency.transfer(m.chain.ctx, ALICE, POTS.validators, amount);

describe('the validator set', () => {
  it('comes from genesis, with keys', () => {
    const m = market();
    expect(Validators.get(m.chain.ctx)).toEqual([EVE, FRANK, GRACE]);
    expect(ValidatorInfo.get(m.chain.ctx, EVE)).toMatchObject({
      keys: keysOf(0xe5),
      votes: 0,
      missed_votes: 0,
    });
    expect(() => market({ panel: [EVE, EVE] })).toThrow(/validators\.validators/);
    expect(() => market({ validators: { era: 0n } })).toThrow(/validators\.parameters/);
  });

  it('is changed by root, and by nobody else', () => {
    const m = market();
    const { add_validator, remove_validator, set_keys } = m.validators;
    m.refuses(ALICE, add_validator, { validator: ALICE, keys: keysOf(1) }, badOrigin);
    m.refuses(EVE, remove_validator, { validator: FRANK }, badOrigin);
    m.refuses(EVE, set_keys, { validator: EVE, keys: keysOf(1) }, badOrigin);
    m.asRoot(add_validator, { validator: DAVE, keys: keysOf(1) });
    m.asRoot(set_keys, { validator: DAVE, keys: { ...keysOf(1), grandpa: account(2) } });
    m.asRoot(set_keys, { validator: DAVE, keys: keysOf(2) });
    m.asRoot(remove_validator, { validator: EVE });
    expect(Validators.get(m.chain.ctx)).toEqual([FRANK, GRACE, DAVE]);
    expect(ValidatorInfo.get(m.chain.ctx, DAVE)?.keys).toEqual(keysOf(2));
    expect(ValidatorInfo.has(m.chain.ctx, EVE)).toBe(false);
    expect(m.said('Validators')).toEqual(['ValidatorAdded', 'KeysSet', 'KeysSet', 'ValidatorRemoved']);
    m.advance(1n);
  });

  it('is changed in blocks that are full, too', () => {
    const { composition } = market().chain;
    const args = { validator: DAVE, keys: keysOf(1) };
    for (const type of ['add_validator', 'remove_validator', 'set_keys']) {
      expect(composition.infoOf({ type: 'Validators', value: { type, value: args } }).class.type).toBe(
        'Operational',
      );
    }
  });

  it('has each account and each key once, is bounded, and never empty', () => {
    const m = market();
    const { add_validator, remove_validator, set_keys } = m.validators;
    const add = (validator: Uint8Array, keys: ReturnType<typeof keysOf>) => () =>
      m.chain.run(ROOT, add_validator, { validator, keys });
    refusedRoot(m, add(EVE, keysOf(1)), errors.AlreadyValidator);
    refusedRoot(m, add(DAVE, { ...keysOf(1), grandpa: account(0xe5 ^ 0xff) }), errors.KeysInUse);
    const stolen = { validator: FRANK, keys: { ...keysOf(1), aura: account(0xe5) } };
    refusedRoot(m, () => m.chain.run(ROOT, set_keys, stolen), errors.KeysInUse);
    refusedRoot(m, () => m.chain.run(ROOT, set_keys, { ...stolen, validator: DAVE }), errors.NotValidator);
    refusedRoot(m, () => m.chain.run(ROOT, remove_validator, { validator: DAVE }), errors.NotValidator);
    for (let byte = 1; Validators.get(m.chain.ctx).length < MAX_VALIDATORS; byte += 1) {
      m.asRoot(add_validator, { validator: account(byte), keys: keysOf(byte) });
    }
    refusedRoot(m, add(DAVE, keysOf(0x77)), errors.TooManyValidators);
    const [last, ...others] = Validators.get(m.chain.ctx);
    for (const validator of others) m.asRoot(remove_validator, { validator });
    if (last)
      refusedRoot(m, () => m.chain.run(ROOT, remove_validator, { validator: last }), errors.LastValidator);
    m.advance(1n);
  });
});

describe('the validators’ pot', () => {
  it('is divided in equal shares at the end of an era; what is left over stays for the next', () => {
    const m = market();
    m.advance(1n);
    fund(m, 10n);
    m.advance(6n * HOUR - 1n);
    expect([Era.get(m.chain.ctx).index, m.said('Validators')]).toEqual([1, []]);
    m.advance(1n);
    expect(m.chain.events()).toContainEqual(['Validators', 'EraEnded', { era: 1, validators: 3, share: 3n }]);
    expect(Committed.get(m.chain.ctx)).toBe(9n);
    const before = m.free(EVE);
    m.ok(EVE, m.validators.claim_rewards, {});
    expect(m.free(EVE)).toBe(before + 3n);
    m.refuses(EVE, m.validators.claim_rewards, {}, errors.NothingToClaim);
    m.refuses(BOB, m.validators.claim_rewards, {}, errors.NothingToClaim);
    fund(m, 2n);
    m.advance(6n * HOUR);
    m.ok(EVE, m.validators.claim_rewards, {});
    m.ok(FRANK, m.validators.claim_rewards, {});
    expect(m.free(FRANK)).toBe(before + 4n);
    m.advance(1n);
  });

  it('is told of only where there is something to share', () => {
    const m = market();
    m.advance(1n);
    fund(m, 2n);
    m.advance(6n * HOUR);
    expect([Era.get(m.chain.ctx).index, m.said('Validators')]).toEqual([2, []]);
    expect([...Rewards.entries(m.chain.ctx)]).toEqual([]);
  });

  it('owes a validator that was removed what it has earned', () => {
    const m = market();
    m.advance(1n);
    fund(m, 3n * HAM);
    m.advance(6n * HOUR);
    m.asRoot(m.validators.remove_validator, { validator: EVE });
    fund(m, 2n * HAM);
    m.advance(30n * DAY);
    const before = m.free(EVE);
    m.ok(EVE, m.validators.claim_rewards, {});
    m.ok(GRACE, m.validators.claim_rewards, {});
    expect(m.free(EVE)).toBe(before + HAM);
    expect(m.free(GRACE)).toBe(before + 2n * HAM);
    m.advance(1n);
  });

  it('has an era that root may change within reason', () => {
    const m = market();
    const set = m.validators.set_parameters;
    m.refuses(EVE, set, { parameters: PUBLIC_PARAMETERS }, badOrigin);
    m.asRoot(set, { parameters: { era: HOUR } });
    for (const era of [0n, 2n ** 63n]) {
      refusedRoot(m, () => m.chain.run(ROOT, set, { parameters: { era } }), errors.InvalidParameters);
    }
  });
});
