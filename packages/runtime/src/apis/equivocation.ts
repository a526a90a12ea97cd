import { H256 } from '@hamster/frame';
import { grandpa } from '@hamster/pallets';
import {
  bytes,
  fixedBytes,
  newtype,
  option,
  struct,
  tuple,
  type Type,
  u32,
  u64,
  unit,
  variant,
} from '@hamster/scale';
import { type Method, method } from './method.ts';

const Signature = newtype('sp_consensus_grandpa::app::Signature', fixedBytes(64));

const voteFor = (target: 'Prevote' | 'Precommit') =>
  struct(
    `finality_grandpa::${target}`,
    { target_hash: H256, target_number: u32 },
    { params: { H: H256, N: u32 } },
  );

const equivocationOf = <V>(vote: Type<V>) =>
  struct(
    'finality_grandpa::Equivocation',
    {
      round_number: u64,
      identity: grandpa.GrandpaId,
      first: tuple(vote, Signature),
      second: tuple(vote, Signature),
    },
    { params: { Id: grandpa.GrandpaId, V: vote, S: Signature } },
  );

/** Two votes of one authority in one round. */
const EquivocationProof = struct(
  'sp_consensus_grandpa::EquivocationProof',
  {
    set_id: u64,
    equivocation: variant(
      'sp_consensus_grandpa::Equivocation',
      { Prevote: equivocationOf(voteFor('Prevote')), Precommit: equivocationOf(voteFor('Precommit')) },
      { params: { H: H256, N: u32 } },
    ),
  },
  { params: { H: H256, N: u32 } },
);

const KeyOwnershipProof = newtype('sp_runtime::OpaqueValue', bytes);

/** Authorities have no stake here, and root replaces those that cheat: what clients ask for a report, they are told that there is none. */
export const equivocationMethods: readonly Method[] = [
  method('submit_report_equivocation_unsigned_extrinsic', {
    inputs: { equivocation_proof: EquivocationProof, key_owner_proof: KeyOwnershipProof },
    output: option(unit),
    docs: 'Submits a report of an equivocation. Always `None`: there is none on this chain.',
    run: () => undefined,
  }),
  method('generate_key_ownership_proof', {
    inputs: { set_id: u64, authority_id: grandpa.GrandpaId },
    output: option(KeyOwnershipProof),
    docs: 'Generates a proof of key ownership. Always `None`: keys are nobody’s but the chain’s own.',
    run: () => undefined,
  }),
];
