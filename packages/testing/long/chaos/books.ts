import type { ChainClient, Lease } from '@hamster/chain-client';

interface AccountInfo {
  toJSON(): { data: { free: string | number; reserved: string | number } };
}

/** Planck that the accounts of the chain have, and that it says to have issued, at one block. */
export async function moneyOf({ api }: ChainClient): Promise<{ owned: bigint; issued: bigint }> {
  const at = await api.at(await api.rpc.chain.getBlockHash());
  const { system, balances } = at.query;
  const accounts = await system?.['account']?.entries();
  const owned = (accounts ?? []).reduce((sum, [, info]) => {
    const { free, reserved } = (info as unknown as AccountInfo).toJSON().data;
    return sum + BigInt(free) + BigInt(reserved);
  }, 0n);
  return { owned, issued: BigInt(String(await balances?.['totalIssuance']?.())) };
}

export const sumOf = (leases: readonly Lease[], amount: 'escrow' | 'collateral'): bigint =>
  leases.reduce((sum, lease) => sum + lease[amount], 0n);
