import { badOrigin, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/treasury/errors.ts';
import { ALICE, DAVE, EXISTENTIAL_DEPOSIT, HAM, POTS } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const to = (who: Uint8Array, amount: bigint) => ({
  beneficiary: { type: 'Id' as const, value: who },
  amount,
});

describe('the treasury', () => {
  it('pays whom root says, and says so', () => {
    const m = market();
    m.currency.transfer(m.chain.ctx, ALICE, POTS.treasury, 10n * HAM);
    const before = m.free(DAVE);
    m.asRoot(m.treasury.spend, to(DAVE, 10n * HAM));
    expect(m.free(DAVE)).toBe(before + 10n * HAM);
    expect(m.free(POTS.treasury)).toBe(EXISTENTIAL_DEPOSIT);
    expect(m.chain.events().at(-1)).toEqual(['Treasury', 'Spent', { beneficiary: DAVE, amount: 10n * HAM }]);
    m.advance(1n);
  });

  it('pays nobody else’s wishes, no more than it has, and stays alive', () => {
    const m = market();
    const refused = (args: ReturnType<typeof to>, error: typeof badOrigin): void =>
      assertNoop(m.chain, () => m.chain.run(ROOT, m.treasury.spend, args), error);
    m.currency.transfer(m.chain.ctx, ALICE, POTS.treasury, HAM);
    m.refuses(ALICE, m.treasury.spend, to(ALICE, 1n), badOrigin);
    refused(to(DAVE, HAM + 1n), errors.InsufficientFunds);
    refused(to(DAVE, 2n ** 128n - 1n), errors.InsufficientFunds);
    refused(to(DAVE, 0n), errors.ZeroAmount);
    refused(to(POTS.treasury, 1n), errors.OwnAccount);
  });
});
