import type { ChainClient } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import type { Account } from '../cli/account.ts';
import { ham } from '../format/money.ts';
import { bad, ok, warn, type Finding } from './finding.ts';

/** Which account pays, and whether it can. */
export async function checkAccount(
  chain: Pick<ChainClient, 'balance'>,
  account: () => Promise<Account>,
): Promise<Finding> {
  let address: string;
  try {
    ({ address } = await account());
  } catch (error) {
    return bad('account', sentenceOf(error), 'Choose or make an account; nothing can be rented without one.');
  }
  const { transferable, held } = await chain.balance(address);
  const text = `${address} has ${ham(transferable)} to spend, and ${ham(held)} held.`;
  return transferable > 0n
    ? ok('account', text)
    : warn('account', text, 'Send money to it before you rent or extend.');
}
