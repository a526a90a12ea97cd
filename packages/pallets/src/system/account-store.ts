import type { AccountId, Readable } from '@hamster/frame';
import type { AccountData } from '../primitives/account-data.ts';
import { writeAccount } from './accounts.ts';
import { Account } from './storage.ts';

function* accountData(at: Readable): Iterable<readonly [AccountId, AccountData]> {
  for (const [who, info] of Account.entries(at)) {
    if (info.providers + info.sufficients > 0) yield [who, info.data];
  }
}

/** `System.Account` as the place where money is kept. */
export const accountStore = {
  read: (at: Readable, who: AccountId): AccountData => Account.get(at, who).data,
  write: writeAccount,
  entries: accountData,
};
