/** The same account written with another network prefix. The library arrives only when a wallet is used. */
export async function toChainAddress(address: string, ss58Prefix: number): Promise<string> {
  const { encodeAddress } = await import('@polkadot/util-crypto');
  return encodeAddress(address, ss58Prefix);
}
