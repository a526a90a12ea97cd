import { blake2AsU8a, decodeAddress } from '#polkadot/util-crypto';
import type { Observed, Verdict } from '../model/arbitration.ts';

/** A vote in a dispute. `salt` is 32 random bytes that the voter keeps until it reveals. */
export interface Vote {
  readonly dispute: number;
  readonly verdict: Verdict;
  readonly observed: Observed;
  readonly salt: Uint8Array;
}

const VERDICTS: readonly Verdict[] = ['ProviderAtFault', 'ClaimUnfounded', 'Inconclusive'];

/** What `commitVote` takes, 32 bytes: BLAKE2b-256 of the SCALE encoding of dispute, voter, verdict, observations, salt. */
export function commitmentOf(voter: string, { dispute, verdict, observed, salt }: Vote): Uint8Array {
  const bytes = new Uint8Array(8 + 32 + 1 + 1 + 3 * 4 + 32);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dispute), true);
  bytes.set(decodeAddress(voter), 8);
  view.setUint8(40, VERDICTS.indexOf(verdict));
  view.setUint8(41, observed.reachable ? 1 : 0);
  view.setUint32(42, observed.cpuCores, true);
  view.setUint32(46, observed.memoryMib, true);
  view.setUint32(50, observed.diskGib, true);
  bytes.set(salt, 54);
  return blake2AsU8a(bytes, 256);
}
