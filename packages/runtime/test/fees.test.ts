import type { u128 } from '@polkadot/types';
import type { FeeDetails, RuntimeDispatchInfo } from '@polkadot/types/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXISTENTIAL_DEPOSIT, HAM, POTS } from '../src/index.ts';
import { keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const [alice, bob] = [keyOf('Alice'), keyOf('Bob')];
const FUNDS = 1_000_000n * HAM;

let chain: TestChain;
beforeEach(() => {
  chain = new TestChain();
});

const queryInfo = (xt: ReturnType<typeof sign>): bigint => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, xt.bytes.length, true);
  const args = Uint8Array.from([...xt.bytes, ...length]);
  const answer = chain.runtime.call(chain.state, 'TransactionPaymentApi_query_info', args);
  return chain.registry.createType<RuntimeDispatchInfo>('RuntimeDispatchInfo', answer).partialFee.toBigInt();
};

describe('fees', () => {
  it('are what the estimate says, plus the tip, and go to the treasury', () => {
    const xt = sign(chain, alice, ['Balances', 'transfer_keep_alive', bob.address, HAM], { tip: 7n });
    const fee = queryInfo(xt);
    expect(chain.block(xt)).toMatchObject([{ ok: true }]);
    expect(chain.account(alice.publicKey)).toEqual({ nonce: 1, free: FUNDS - HAM - fee - 7n, reserved: 0n });
    expect(chain.account(bob.publicKey).free).toBe(FUNDS + HAM);
    expect(chain.account(POTS.treasury).free).toBe(EXISTENTIAL_DEPOSIT + fee + 7n);
    expect(chain.events().map(([pallet, name]) => `${pallet}.${name}`)).toEqual([
      'system.ExtrinsicSuccess',
      'balances.Withdraw',
      'balances.Transfer',
      'balances.Deposit',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicSuccess',
    ]);
  });

  it('are paid by a call that fails, and nothing else of it stays', () => {
    const xt = sign(chain, alice, ['Balances', 'transfer_keep_alive', bob.address, 2n * FUNDS]);
    const fee = queryInfo(xt);
    expect(chain.block(xt)).toMatchObject([
      { ok: false, error: { kind: 'Token', name: 'FundsUnavailable' } },
    ]);
    expect(chain.account(alice.publicKey)).toEqual({ nonce: 1, free: FUNDS - fee, reserved: 0n });
    expect(chain.account(bob.publicKey).free).toBe(FUNDS);
  });

  it('are given back to who may act as root', () => {
    const remark = chain.registry.createType('Call', { callIndex: [0, 0], args: ['0x00'] });
    expect(chain.block(sign(chain, alice, ['Sudo', 'sudo', remark]))).toMatchObject([{ ok: true }]);
    expect(chain.account(alice.publicKey).free).toBe(FUNDS);
  });

  it('go to the treasury where the call has reaped the account that would get a part back', () => {
    const everything = chain.registry.createType('Call', { callIndex: [2, 4], args: [bob.address, false] });
    const impossible = chain.registry.createType('Call', { callIndex: [2, 3], args: [bob.address, HAM] });
    const xt = sign(chain, alice, ['Utility', 'batch', [everything, impossible, impossible]]);
    const declared = queryInfo(xt);
    expect(chain.block(xt)).toMatchObject([{ ok: true }]);
    expect(chain.account(alice.publicKey)).toEqual({ nonce: 0, free: 0n, reserved: 0n });
    expect(chain.account(bob.publicKey).free).toBe(2n * FUNDS - declared);
    expect(chain.account(POTS.treasury).free).toBe(EXISTENTIAL_DEPOSIT + declared);
  });

  it('bring no account back to life that the call has reaped, however much there would be to give back', () => {
    const everything = chain.registry.createType('Call', { callIndex: [2, 4], args: [bob.address, false] });
    const heavy = chain.registry.createType('Call', { callIndex: [12, 8], args: [] });
    const xt = sign(chain, alice, ['Utility', 'batch', [everything, heavy, heavy]]);
    const declared = queryInfo(xt);
    expect(declared).toBeGreaterThan(2n * EXISTENTIAL_DEPOSIT);
    expect(chain.block(xt)).toMatchObject([{ ok: true }]);
    expect(chain.account(alice.publicKey)).toEqual({ nonce: 0, free: 0n, reserved: 0n });
    expect(chain.account(POTS.treasury).free).toBe(EXISTENTIAL_DEPOSIT + declared);
  });

  it('are told of by an event with the weight of the whole extrinsic', () => {
    chain.block(sign(chain, alice, ['System', 'remark', '0x00']));
    const success = chain.events().findLast(([, name]) => name === 'ExtrinsicSuccess');
    expect(String(success?.[2])).toContain(`"refTime":${11_000_000 + 40_000_000}`);
  });

  it('are those of a whole block for whatever is too heavy for any', () => {
    const weightFee = (refTime: bigint) => {
      const weight = chain.registry.createType('Weight', { refTime, proofSize: 0 }).toU8a();
      const answer = chain.runtime.call(chain.state, 'TransactionPaymentApi_query_weight_to_fee', weight);
      return chain.registry.createType<u128>('u128', answer).toBigInt();
    };
    const block = 10n ** 12n;
    expect([block - 1n, block, block + 1n, 50n * block].map(weightFee)).toEqual([
      ...[block - 1n, block, block, block],
    ]);
  });

  it('are the sum of their details: a planck for each picosecond, a million for each byte', () => {
    const xt = sign(chain, alice, ['System', 'remark', '0x00']);
    const args = Uint8Array.from([...xt.bytes, xt.bytes.length, 0, 0, 0]);
    const answer = chain.runtime.call(chain.state, 'TransactionPaymentApi_query_fee_details', args);
    const { baseFee, lenFee, adjustedWeightFee } = chain.registry
      .createType<FeeDetails>('FeeDetails', answer)
      .inclusionFee.unwrap();
    const parts = [baseFee.toBigInt(), lenFee.toBigInt(), adjustedWeightFee.toBigInt()];
    expect(parts).toEqual([40_000_000n, BigInt(xt.bytes.length) * 1_000_000n, 11_000_000n]);
    expect(parts.reduce((sum, part) => sum + part)).toBe(queryInfo(xt));
  });

  it('have details that end with a tip, which no estimate knows: Substrate’s structure has it', () => {
    const bare = chain.runtime.inherents({ now: 1n })[0] ?? new Uint8Array();
    const lengths = [bare, sign(chain, alice, ['System', 'remark', '0x00'], { tip: 7n }).bytes].map(
      (bytes) => {
        const args = Uint8Array.from([...bytes, bytes.length, 0, 0, 0]);
        const answer = chain.runtime.call(chain.state, 'TransactionPaymentApi_query_fee_details', args);
        expect(answer.slice(-16)).toEqual(new Uint8Array(16));
        return answer.length;
      },
    );
    expect(lengths).toEqual([1 + 16, 1 + 3 * 16 + 16]);
  });
});
