import type { Patience } from '../signals.ts';
import type { Link } from './link.ts';

/** Which chain this is. */
export interface ChainIdentity {
  readonly url: string;
  readonly name: string;
  /** Only on a `Development` chain may the publicly known accounts be used. */
  readonly type: 'Development' | 'Local' | 'Live' | 'Custom';
  readonly genesisHash: `0x${string}`;
  readonly specName: string;
  readonly specVersion: number;
  readonly symbol: string;
  readonly decimals: number;
  readonly ss58Prefix: number;
}

const TYPES = ['Development', 'Local', 'Live'] as const;

export async function identify(link: Link, patience: Patience): Promise<ChainIdentity> {
  const { api, url, genesisHash } = link;
  const type = await link.read('Asking for the chain’s type', () => api.rpc.system.chainType(), patience);
  const { registry } = api;
  return {
    url,
    name: api.runtimeChain.toString(),
    type: TYPES.find((known) => known === type.type) ?? 'Custom',
    genesisHash,
    specName: api.runtimeVersion.specName.toString(),
    specVersion: api.runtimeVersion.specVersion.toNumber(),
    symbol: registry.chainTokens[0] ?? 'Unit',
    decimals: registry.chainDecimals[0] ?? 0,
    ss58Prefix: registry.chainSS58 ?? 42,
  };
}
