import { sentenceOf, type Logger } from '@hamster/daemon';
import { join } from 'node:path';
import { chainMarkIn, type ChainMark } from './chain-mark.ts';
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

/** How far that chain was seen. */
export function chainMarkOf(home: string, genesisHash: string, log: Pick<Logger, 'warn'>): ChainMark {
  return chainMarkIn(join(chainHome(home, genesisHash), 'seen.json'), (error) =>
    log.warn({ reason: sentenceOf(error) }, 'could not write down how far the chain was seen'),
  );
}

/** Whether this machine left the market of that chain. */
export function departureOf(home: string, genesisHash: string): Departure {
  return departureIn(join(chainHome(home, genesisHash), 'left.json'));
}
