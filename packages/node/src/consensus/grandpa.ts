import { verifySignature } from '@hamster/crypto';
import { fieldsCodec, fixedBytes, u32, u64, vec, type Infer } from '@hamster/scale';
import type { BlockId } from '../backend.ts';
import { hashBytes } from '../hash.ts';
import { DIGEST, readEngineDigest } from '../header-codec.ts';
import type { Header } from '../header.ts';
import { refused } from './aura.ts';
import type { Justification, ValidatorSet } from './consensus.ts';
import { signerOf, type Signer } from './keys.ts';

/** GRANDPA's engine id. */
export const GRANDPA = 'FRNK';

/** What light clients can verify, and what its gossip speaks of; undefined for the proof of another engine. */
export const grandpaProof = (justification: Justification | undefined): Uint8Array | undefined =>
  justification?.engine === GRANDPA ? justification.proof : undefined;

const TARGET = fieldsCodec({ hash: fixedBytes(32), number: u32 });

const SIGNED_PRECOMMIT = fieldsCodec({ target: TARGET, signature: fixedBytes(64), voter: fixedBytes(32) });

/** `sp_consensus_grandpa::GrandpaJustification`. Votes here are for the block itself, so no ancestry is ever needed. */
const JUSTIFICATION = fieldsCodec({
  round: u64,
  target: TARGET,
  precommits: vec(SIGNED_PRECOMMIT, { max: 1024 }),
  ancestry: vec(fixedBytes(0), { max: 0 }),
});

type Precommit = Infer<typeof SIGNED_PRECOMMIT>;

/** What a voter signs: `(Message::Precommit(target), round, set id)`. */
const BALLOT = fieldsCodec({ message: fixedBytes(1), target: TARGET, round: u64, setId: u64 });
const PRECOMMIT = Uint8Array.of(1);

/** First byte of `ConsensusLog::ScheduledChange`. The rules schedule none with a delay. */
const SCHEDULED_CHANGE = 1;

/** Whether others vote from the next block on. */
export const changesVoters = ({ digest }: Header): boolean =>
  digest.some((item) => readEngineDigest(item, DIGEST.consensus, GRANDPA)?.[0] === SCHEDULED_CHANGE);

const targetOf = ({ hash, number }: BlockId): Infer<typeof TARGET> => ({ hash: hashBytes(hash), number });

/** The weight of votes that makes a block final: more than two thirds. */
function threshold({ voters }: ValidatorSet): bigint {
  const total = voters.reduce((sum, { weight }) => sum + weight, 0n);
  return total - (total > 0n ? (total - 1n) / 3n : 0n);
}

/** The justification that these keys alone give; undefined when their weight does not suffice. */
export function justify(
  block: BlockId,
  set: ValidatorSet,
  keys: readonly Signer[],
): Justification | undefined {
  const ours = set.voters.flatMap(({ key, weight }) => {
    const signer = signerOf(keys, key);
    return signer ? [{ signer, weight }] : [];
  });
  const weight = ours.reduce((sum, each) => sum + each.weight, 0n);
  if (ours.length === 0 || weight < threshold(set)) return undefined;
  // A round for each block: rounds only have to grow within a set.
  const [round, target] = [BigInt(block.number), targetOf(block)];
  const ballot = BALLOT.encode({ message: PRECOMMIT, target, round, setId: set.id });
  const precommits = ours.map(({ signer }) => ({
    target,
    signature: signer.sign(ballot),
    voter: signer.publicKey,
  }));
  return { engine: GRANDPA, proof: JUSTIFICATION.encode({ round, target, precommits, ancestry: [] }) };
}

/** Throws NODE_BLOCK_REFUSED unless voters of the set with enough weight voted for exactly this block. */
export function verifyJustification(
  block: BlockId,
  set: ValidatorSet,
  { engine, proof }: Justification,
): void {
  if (engine !== GRANDPA) throw refused(block, `its justification is of "${engine}", not of GRANDPA`);
  const { round, target, precommits } = decode(block, proof);
  if (!isFor(block, target)) throw refused(block, 'its justification is for another block');
  const weights = new Map(set.voters.map(({ key, weight }) => [keyText(key), weight]));
  let weight = 0n;
  for (const precommit of precommits) {
    weight += weights.get(keyText(precommit.voter)) ?? 0n;
    // One voter, one vote: whoever votes again is a stranger the second time.
    if (!weights.delete(keyText(precommit.voter)))
      throw refused(block, 'its justification has a stranger’s vote');
    if (!isFor(block, precommit.target) || !isSigned(precommit, round, set.id)) {
      throw refused(block, 'its justification has a vote that nobody cast');
    }
  }
  if (precommits.length === 0 || weight < threshold(set))
    throw refused(block, 'its justification has too few votes');
}

function decode(block: BlockId, proof: Uint8Array): Infer<typeof JUSTIFICATION> {
  try {
    return JUSTIFICATION.decode(proof);
  } catch {
    throw refused(block, 'its justification does not decode');
  }
}

function isFor(block: BlockId, { hash, number }: Infer<typeof TARGET>): boolean {
  return number === block.number && Buffer.compare(hash, hashBytes(block.hash)) === 0;
}

function isSigned({ target, signature, voter }: Precommit, round: bigint, setId: bigint): boolean {
  const message = BALLOT.encode({ message: PRECOMMIT, target, round, setId });
  return verifySignature({ scheme: 'ed25519', accountId: voter, message, signature });
}

const keyText = (key: Uint8Array): string => Buffer.from(key).toString('hex');
