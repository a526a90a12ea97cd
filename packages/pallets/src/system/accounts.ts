import type { AccountId, Context, Readable, Writable } from '@hamster/frame';
import type { AccountData } from '../primitives/account-data.ts';
import { events } from './events.ts';
import { Account } from './storage.ts';
import type { AccountInfo } from './types.ts';

/** Why an account exists: something provides for it, something else leans on it. */
export interface AccountState {
  readonly data: AccountData;
  readonly provides: boolean;
  readonly consumes: boolean;
}

const exists = (info: AccountInfo): boolean => info.providers + info.sufficients > 0;

/** The nonce of an account that exists. */
export const livingNonceOf = (at: Readable, who: AccountId): number | undefined => {
  const info = Account.get(at, who);
  return exists(info) ? info.nonce : undefined;
};

export const nonceOf = (at: Readable, who: AccountId): number => Account.get(at, who).nonce;

export const incrementNonce = (at: Writable, who: AccountId): void => {
  Account.update(at, who, (info) => ({ ...info, nonce: info.nonce + 1 }));
};

const reap = (ctx: Context, who: AccountId, existed: boolean): void => {
  Account.remove(ctx, who);
  if (existed) ctx.deposit(events.KilledAccount({ account: who }));
};

/** Writes an account's data; creates the account with its first provider and reaps it with its last. */
export const writeAccount = (
  ctx: Context,
  who: AccountId,
  { data, provides, consumes }: AccountState,
): void => {
  const info = Account.get(ctx, who);
  if (!provides && info.sufficients === 0) {
    reap(ctx, who, exists(info));
    return;
  }
  const providers = provides ? 1 : 0;
  Account.put(ctx, who, { ...info, providers, consumers: consumes ? 1 : 0, data });
  if (!exists(info)) ctx.deposit(events.NewAccount({ account: who }));
};
