import { connect } from '@hamster/chain-client';
import { DaemonError, EXIT_USAGE, openAccount } from '@hamster/daemon';
import { loadOrCreateIdentity } from '@hamster/p2p/identity';
import type { Config } from '../config.ts';
import { openDriver } from '../driver.ts';
import { departureOf, lastWordsIn, peerKeyIn } from '../home.ts';
import { operatorOf, purseOf } from '../operator/open-operator.ts';
import type { Operator } from '../operator/operator.ts';
import type { Purse } from '../purse/purse.ts';
import { OfferTurns } from '../registration/offer-turns.ts';

const CONNECT_MS = 10_000;

/** Does something on chain without a daemon: the account's passphrase is asked for where it is not in a file. */
export async function onChain<T>(
  config: Config,
  work: (hands: { readonly operator: Operator; readonly purse: Purse }) => Promise<T>,
): Promise<T> {
  const client = await connect(config.chain, { timeoutMs: CONNECT_MS });
  try {
    const signer = await openAccount(config, client.chain.type);
    const { peerId } = await loadOrCreateIdentity(peerKeyIn(config.home));
    const driver = openDriver(config, client.chain);
    try {
      const words = await lastWordsIn(config, client.chain.genesisHash);
      const departure = departureOf(config.home, client.chain.genesisHash);
      const turns = new OfferTurns();
      const parts = { config, client, signer, peerId, driver, words, departure, turns };
      const operator = operatorOf(parts);
      return await work({ operator, purse: purseOf(parts, operator) });
    } finally {
      await driver.close();
    }
  } finally {
    await client.close();
  }
}

/** Throws DaemonError USAGE. */
export function requireHam(text: string): void {
  if (/^\d{1,12}(\.\d{1,12})?$/.test(text)) return;
  throw new DaemonError('USAGE', `"${text}" is no amount of HAM such as 0.005.`, { exitCode: EXIT_USAGE });
}
