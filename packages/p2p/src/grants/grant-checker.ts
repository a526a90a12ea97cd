import { u8aToHex } from '#polkadot/util';
import { PeerError } from '../errors.ts';
import { grantText, type SignedGrant } from './grant.ts';
import { checkGrantSignature } from './verify-grant.ts';

export interface GrantCheckerOptions {
  /** Throws PeerError GRANT_SIGNATURE. */
  check?: (grant: SignedGrant, peer: string) => void;
  /** A clock that never jumps, ms. */
  now?: () => number;
}

/** Signatures that have held, and peers whose did not: of each, the oldest are forgotten. */
const REMEMBERED = 1024;
/** An honest client's holds. One peer has so many that do not computed, then none for a while, in ms. */
const FAILURES = 2;
const PAUSE_MS = 60_000;
/** Of all peers, that do not hold: so many at once, and so many a second in the long run. */
const BURST = 50;
const PER_SECOND = 5;
/** What one that holds counts for: of these there are many where all renters come back, and only renters can make them. */
const COST_IF_HELD = 0.2;

/**
 * As `checkGrantSignature`, but a signature that has held is not computed again: a browser or Ansible opens many tunnels with one grant,
 * and sr25519 costs milliseconds. One that does not hold costs over twenty, and anybody can send those, in the name of a renter whom the
 * chain tells; so only few are computed. Throws PeerError GRANT_SIGNATURE, or TOO_MANY_STREAMS for what was not looked at.
 */
export function grantChecker({
  check = checkGrantSignature,
  now = () => performance.now(),
}: GrantCheckerOptions = {}): (grant: SignedGrant, peer: string) => void {
  const held = new Set<string>();
  const failures = new Map<string, { readonly count: number; readonly at: number }>();
  let left = BURST;
  let filledAt = now();

  function takeTurn(peer: string): void {
    const time = now();
    left = Math.min(BURST, left + ((time - filledAt) * PER_SECOND) / 1000);
    filledAt = time;
    const failed = failures.get(peer);
    if (failed && time - failed.at >= PAUSE_MS) failures.delete(peer);
    else if (failed && failed.count >= FAILURES) throw paused();
    if (left < 1) throw busy();
    left -= 1;
  }

  return (grant, peer) => {
    const key = [grantText({ ...grant, peer }), u8aToHex(grant.account), u8aToHex(grant.signature)].join(
      '\n',
    );
    if (held.has(key)) return;
    takeTurn(peer);
    try {
      check(grant, peer);
    } catch (error) {
      const count = (failures.get(peer)?.count ?? 0) + 1;
      failures.delete(peer);
      failures.set(peer, { count, at: now() });
      forgetOldest(failures);
      throw error;
    }
    left += 1 - COST_IF_HELD;
    held.add(key);
    forgetOldest(held);
  };
}

function forgetOldest(known: Map<string, unknown> | Set<string>): void {
  const [oldest] = known.keys();
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}

function paused(): PeerError {
  return notLookedAt('Access grants of this client did not hold', 'a minute');
}

function busy(): PeerError {
  return notLookedAt('Too many access grants came at the same time', 'a moment');
}

function notLookedAt(why: string, wait: string): PeerError {
  return new PeerError('TOO_MANY_STREAMS', `${why}, so this one was not looked at; try again in ${wait}`);
}
