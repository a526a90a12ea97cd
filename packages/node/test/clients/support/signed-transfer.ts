import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

type HexString = `0x${string}`;

export interface SignedTransfer {
  readonly hex: HexString;
  readonly hash: HexString;
  /** SS58 and raw. */
  readonly sender: string;
  readonly senderId: HexString;
}

/** Transfers from //Alice to //Bob as @polkadot/api signs them, one for each nonce, to be submitted by other means. */
export async function signedTransfers(url: string, nonces: readonly number[]): Promise<SignedTransfer[]> {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];
  const signed: SignedTransfer[] = [];
  for (const nonce of nonces) {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, 10n ** 12n);
    await transfer.signAsync(alice, { nonce, era: 0 });
    const senderId: HexString = `0x${Buffer.from(alice.publicKey).toString('hex')}`;
    signed.push({ hex: transfer.toHex(), hash: transfer.hash.toHex(), sender: alice.address, senderId });
  }
  await api.disconnect();
  return signed;
}
