import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Api from '@polkadot/api';

const HAM = 10n ** 12n;

export interface Paid {
  /** Of the library. */
  readonly version: string;
  readonly fee: bigint;
  /** Names of the transaction's events, such as `balances.Transfer`. */
  readonly events: readonly string[];
  /** A block that came no earlier than the transaction's own. */
  readonly block: number;
}

/** Alice pays Bob by the @polkadot/api in `folder`, and waits until that is final. */
export async function payBob(folder: string, url: string): Promise<Paid> {
  const { ApiPromise, Keyring, WsProvider } = createRequire(join(folder, 'package.json'))(
    '@polkadot/api',
  ) as typeof Api;
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const keys = new Keyring({ type: 'sr25519' });
  const [alice, bob] = [keys.addFromUri('//Alice'), keys.addFromUri('//Bob')];
  const transfer = api.tx['balances']?.['transferKeepAlive']?.(bob.address, HAM);
  if (!transfer) throw new TypeError('The metadata has no transfer');
  const fee = (await transfer.paymentInfo(alice)).partialFee.toBigInt();
  const events = await new Promise<string[]>((resolve, reject) => {
    const sent = transfer.signAndSend(alice, ({ status, events: records, dispatchError }) => {
      if (dispatchError) reject(new Error(dispatchError.toString()));
      if (status.isFinalized) resolve(records.map(({ event }) => `${event.section}.${event.method}`));
    });
    sent.catch(reject);
  });
  const block = (await api.rpc.chain.getHeader()).number.toNumber();
  await api.disconnect();
  return { version: api.libraryInfo, fee, events, block };
}
