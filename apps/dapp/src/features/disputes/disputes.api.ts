import type { ChainPort } from '../../chain/port.ts';
import type { ArbitrationParameters } from '../../chain/types.ts';

export interface DisputeTerms {
  readonly rules: ArbitrationParameters;
  /** What the account can deposit, planck; undefined without an account. */
  readonly transferable: bigint | undefined;
}

export async function loadDisputeRules(port: ChainPort, address: string | undefined): Promise<DisputeTerms> {
  const [rules, balance] = await Promise.all([
    port.disputeRules(),
    address === undefined ? undefined : port.balance(address),
  ]);
  return { rules, transferable: balance?.transferable };
}
