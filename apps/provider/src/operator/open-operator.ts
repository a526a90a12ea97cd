import type { ChainClient, TransactionSigner } from '@hamster/chain-client';
import type { DaemonError } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import type { Config } from '../config.ts';
import { readMarket } from '../market/market-view.ts';
import { wantedStake } from '../offering.ts';
import type { LastWords } from './last-words.ts';
import { Purse } from '../purse/purse.ts';
import type { Departure } from '../registration/departure.ts';
import type { OfferTurns } from '../registration/offer-turns.ts';
import { Operator } from './operator.ts';

export interface OpenOperator {
  readonly config: Config;
  readonly client: ChainClient;
  readonly signer: TransactionSigner;
  readonly peerId: string;
  readonly driver: Pick<MachineDriver, 'capacity'>;
  readonly words: LastWords;
  readonly departure: Departure;
  readonly turns: OfferTurns;
  /** What a daemon found of its host; without one, nothing is known. */
  readonly fitness?: { readonly obstacle: DaemonError | undefined };
}

/** The operator of this machine, who speaks to the chain with the daemon's account. */
export function operatorOf(open: OpenOperator): Operator {
  const { config, client, signer, peerId, driver, words, fitness, turns } = open;
  return new Operator({
    calls: client.calls,
    market: (signal) => readMarket(client, { address: signer.address, peerId }, signal),
    submit: async (call, signal) => {
      await client.submit(call, signer, { signal });
    },
    hostCapacity: (signal) => driver.capacity(signal),
    wantedStake: (capacity, { rules }) => wantedStake(config, capacity, rules.provider),
    words,
    turns,
    obstacle: () => fitness?.obstacle,
  });
}

/** The money of this machine's account, which that operator moves. */
export function purseOf(
  { config, client, signer, peerId, departure, turns }: OpenOperator,
  operator: Operator,
): Purse {
  return new Purse({
    calls: client.calls,
    market: (signal) => readMarket(client, { address: signer.address, peerId }, signal),
    submit: (call, signal) => client.submit(call, signer, { signal }),
    fee: (call, signal) => client.fee(call, signer.address, { signal }),
    noteLeaving: (at) => departure.note(at),
    turns,
    drain: (signal) => operator.change({ draining: true }, signal),
    wantedStake: ({ resource, rules }) =>
      resource === undefined ? 0n : wantedStake(config, resource.capacity, rules.provider),
  });
}
