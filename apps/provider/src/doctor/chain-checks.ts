import { remedyIfGivenUp } from '../chain-mark.ts';
import { note, ok, stops, type Check } from './check.ts';
import type { ChainFacts, Facts } from './facts.ts';

const MINUTE_MS = 60_000;
/** Blocks come more often than this on every chain that works. */
const OLD_BLOCK_MS = 2 * MINUTE_MS;
/** Grants of renters are refused by a clock that is further off. */
const WRONG_CLOCK_MS = 5 * MINUTE_MS;

export function chainChecks({ chain, now }: Facts): Check[] {
  if ('trouble' in chain) return [stops('chain', chain.trouble)];
  return [syncCheck(chain.value), clockCheck(chain.value, now)];
}

function syncCheck({ url, syncing, behind, markPath }: ChainFacts): Check {
  if (behind)
    return stops(
      'chain',
      `The node at ${url} shows an older chain than this machine saw before, as after a restore: nothing is registered, made or destroyed ` +
        `on its word. Wait until it has caught up, or use another node with --chain. ${remedyIfGivenUp(markPath)}`,
    );
  if (!syncing) return ok('chain', `The node at ${url} answers and is up to date.`);
  return stops(
    'chain',
    `The node at ${url} still catches up with the chain: what it says is old. Wait for it.`,
  );
}

function clockCheck({ market, syncing, behind }: ChainFacts, now: number): Check {
  const ahead = market.chainTime - now;
  if (ahead > WRONG_CLOCK_MS)
    return stops('clock', `This host's clock is ${minutes(ahead)} behind the chain's. Set it, best by NTP.`);
  if (-ahead > OLD_BLOCK_MS && !syncing && !behind)
    return stops(
      'clock',
      `The newest block is ${minutes(-ahead)} old by this host's clock: the chain stands still, or the clock is fast. ` +
        'Compare it with another clock; if it is right, ask who runs the node.',
    );
  if (ahead > MINUTE_MS)
    return note('clock', `This host's clock is ${minutes(ahead)} behind the chain's. Set it by NTP.`);
  return ok('clock', "This host's clock agrees with the chain's.");
}

function minutes(ms: number): string {
  const count = Math.round(ms / MINUTE_MS);
  return count === 1 ? 'a minute' : `${count} minutes`;
}
