import type { ChainPort } from '../../chain/port.ts';
import type { Action, Balance, Offer } from '../../chain/types.ts';

/** The offer, or `null` when it is no longer in the market. */
export async function loadOffer(port: ChainPort, id: number): Promise<Offer | null> {
  return (await port.offers()).find((offer) => offer.id === id) ?? null;
}

export interface Affordability {
  readonly balance: Balance;
  readonly fee: bigint;
}

export async function loadAffordability(
  port: ChainPort,
  address: string,
  action: Action,
): Promise<Affordability> {
  const [balance, fee] = await Promise.all([port.balance(address), port.estimateFee(action, address)]);
  return { balance, fee };
}
