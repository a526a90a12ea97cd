import type { Link } from '../connection/link.ts';
import { ChainError } from '../errors.ts';
import type { Patience } from '../signals.ts';
import type { Milestone } from './send.ts';

/** The number of the best or of the last finalised block. */
export async function bestBlock(
  link: Link,
  patience: Patience,
  which: Milestone = 'inBlock',
): Promise<number> {
  if (which === 'inBlock') return numberOf(link, patience);
  const hash = await link.request('Reading the latest block', 'chain_getFinalizedHead', [], patience);
  return numberOf(link, patience, String(hash));
}

/** The number of the block with this hash, or of the best one. */
export async function numberOf(link: Link, patience: Patience, hash?: string): Promise<number> {
  const at = hash === undefined ? [] : [hash];
  const header = await link.request('Reading the header of a block', 'chain_getHeader', at, patience);
  const number =
    typeof header === 'object' && header !== null && 'number' in header ? Number(header.number) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ChainError('RPC_FAILED', `The node at ${link.url} gave a block header without a number.`, {
    fault: 'transient',
  });
}

export async function blockHashAt(link: Link, number: number, patience: Patience): Promise<string> {
  return String(await link.request(`Reading block ${number}`, 'chain_getBlockHash', [number], patience));
}

/** The next nonce of an account, transactions that wait in the node's pool included. */
export async function nextNonce(link: Link, address: string, patience: Patience): Promise<number> {
  return Number(await link.request('Reading the nonce', 'system_accountNextIndex', [address], patience));
}
