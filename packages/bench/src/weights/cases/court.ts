import { blake2b256 } from '@hamster/crypto';
import type { CallCase } from '../case.ts';
import { at, type Cast } from '../cast.ts';
import type { Chain } from '../chain.ts';

const SALT = new Uint8Array(32).fill(7);
const OBSERVED = { reachable: true, cpu_cores: 1, memory_mib: 64, disk_gib: 1 };
/** Shorter than the time for votes, longer than what is left of it when the measured block comes, ms. */
const ALMOST = 50_000;
export const REST = 15_000;

/** In the order of the metadata. */
export type Verdict = 'ProviderAtFault' | 'ClaimUnfounded';

/** What one commits to: dispute, voter, verdict, what was observed, salt. */
function commitment(dispute: number, voter: Uint8Array, verdict: Verdict): Uint8Array {
  const numbers = Buffer.alloc(8 + 2 + 12);
  numbers.writeBigUInt64LE(BigInt(dispute));
  numbers.writeUInt8(verdict === 'ProviderAtFault' ? 0 : 1, 8);
  numbers.writeUInt8(1, 9);
  [1, 64, 1].forEach((value, index) => numbers.writeUInt32LE(value, 10 + 4 * index));
  return blake2b256(Buffer.concat([numbers.subarray(0, 8), voter, numbers.subarray(8), SALT]));
}

/** Disputes about the first leases, under their numbers. */
export function complain(chain: Chain, { renters }: Cast, disputes: number): void {
  for (let index = 0; index < disputes; index++) {
    chain.send(at(renters, index), 'Arbitration.open_dispute', index + 1, 'Other', SALT);
  }
}

/** The whole panel commits to a vote in each of the first disputes. */
export function commitAll(chain: Chain, { validators }: Cast, disputes: number, verdict: Verdict): void {
  for (let dispute = 1; dispute <= disputes; dispute++) {
    for (const voter of validators) {
      const hash = commitment(dispute, voter.publicKey, verdict);
      chain.send(voter, 'Arbitration.commit_vote', dispute, hash);
    }
  }
}

export function revealAll(chain: Chain, { validators }: Cast, disputes: number, verdict: Verdict): void {
  for (let dispute = 1; dispute <= disputes; dispute++) {
    for (const voter of validators) {
      chain.send(voter, 'Arbitration.reveal_vote', dispute, verdict, OBSERVED, SALT);
    }
  }
}

/** Until shortly before a time for votes is over. */
export const almost = (chain: Chain): void => chain.pass(ALMOST);

export const courtCases: readonly CallCase[] = [
  {
    call: 'Arbitration.open_dispute',
    proof: 'arbitration.DisputeOpened',
    make: (chain, { renters }, index) => ({
      by: at(renters, index),
      call: chain.call('Arbitration.open_dispute', index + 1, 'Other', SALT),
    }),
  },
  {
    call: 'Arbitration.commit_vote',
    proof: 'arbitration.VoteCommitted',
    prepare: (chain, cast) => complain(chain, cast, 1),
    make: (chain, { validators }, index) => ({
      by: at(validators, index),
      call: chain.call('Arbitration.commit_vote', 1, SALT),
    }),
  },
  {
    call: 'Arbitration.reveal_vote',
    proof: 'arbitration.VoteRevealed',
    wait: REST,
    prepare(chain, cast) {
      complain(chain, cast, 1);
      commitAll(chain, cast, 1, 'ClaimUnfounded');
      almost(chain);
    },
    make: (chain, { validators }, index) => ({
      by: at(validators, index),
      call: chain.call('Arbitration.reveal_vote', 1, 'ClaimUnfounded', OBSERVED, SALT),
    }),
  },
];
