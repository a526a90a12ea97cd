import type { ChainPort } from '../../chain/port.ts';
import type { Balance } from '../../chain/types.ts';

/** Money that is held, and what for: an order that waits or a machine that runs. */
export interface HeldFor {
  readonly machine: number;
  readonly amount: bigint;
}

export interface Purse {
  readonly balance: Balance;
  readonly heldFor: readonly HeldFor[];
  /** Held for other things than rent: stakes, for instance. */
  readonly heldOtherwise: bigint;
}

export async function loadPurse(port: ChainPort, address: string): Promise<Purse> {
  const [balance, orders, leases] = await Promise.all([
    port.balance(address),
    port.ordersOf(address),
    port.leasesOf(address),
  ]);
  const heldFor: HeldFor[] = [
    ...orders.filter(({ status }) => status === 'Pending'),
    ...leases.filter(({ closed }) => closed === undefined),
  ].map(({ id, escrow }) => ({ machine: id, amount: escrow }));
  const explained = heldFor.reduce((sum, { amount }) => sum + amount, 0n);
  const rest = balance.held - explained;
  return { balance, heldFor, heldOtherwise: rest > 0n ? rest : 0n };
}
