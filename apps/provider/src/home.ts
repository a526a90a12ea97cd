import { join } from 'node:path';
import type { Config } from './config.ts';
import { openLastWords, type LastWords } from './operator/last-words.ts';
import { departureIn, type Departure } from './registration/departure.ts';

/** Where everything about one chain is kept, so that a chain that was started afresh finds no old machines. */
export function chainHome(home: string, genesisHash: string): string {
  return join(home, 'chains', genesisHash.slice(2));
}

/** The key by which renters know this machine. */
export function peerKeyIn(home: string): string {
  return join(home, 'peer.key');
}

export function lastWordsIn(config: Config, genesisHash: string): Promise<LastWords> {
  return openLastWords(join(chainHome(config.home, genesisHash), 'offer.json'), config);
}

/** Whether this machine left the market of that chain. */
export function departureOf(home: string, genesisHash: string): Departure {
  return departureIn(join(chainHome(home, genesisHash), 'left.json'));
}
