import type { Link } from '../connection/link.ts';
import { accountReads } from '../reads/account-reads.ts';
import type { Patience } from '../signals.ts';
import { nextNonce } from './blocks.ts';
import type { Unsettled } from './unsettled.ts';

export interface NonceWish {
  readonly address: string;
  /** Whether a wallet signs, which nobody wants to be asked twice. */
  readonly isWallet: boolean;
  readonly nonce?: number | undefined;
  readonly overtakes?: boolean | undefined;
  readonly unsettled: Unsettled;
}

export interface ChosenNonce {
  readonly nonce: number;
  /** Where it turns out to be taken, another one would not do. */
  readonly isFixed: boolean;
}

/** The nonce that was wished for, the one of what is to be overtaken, or the next one. */
export async function chooseNonce(link: Link, wish: NonceWish, patience: Patience): Promise<ChosenNonce> {
  const { address, nonce, overtakes = false, unsettled, isWallet } = wish;
  if (nonce !== undefined) return { nonce, isFixed: true };
  if (overtakes && unsettled.has(address)) {
    const { nonce: onChain } = await accountReads(link).balance(address, patience);
    if (unsettled.mayWaitAt(address, onChain)) return { nonce: onChain, isFixed: true };
  }
  return { nonce: await nextNonce(link, address, patience), isFixed: isWallet };
}
