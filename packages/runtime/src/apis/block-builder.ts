import { verifySignature } from '@hamster/crypto';
import { ExecutionPhase, Header, invalid, type StateAccess, UnknownRuntimeApi } from '@hamster/frame';
import { InherentsApplied } from '@hamster/pallets';
import { type Infer, vec } from '@hamster/scale';
import { applyInSteps } from '../executive/apply.ts';
import { check } from '../executive/check.ts';
import { ApplyExtrinsicResult } from '../executive/outcome.ts';
import { asInvalidity } from '../extrinsic/validity.ts';
import { blockOf } from './core.ts';
import { checkInherents, CheckInherentsResult, inherentExtrinsics, InherentData } from './inherents.ts';
import { type Api, method } from './method.ts';
import { type ApiParts, decodeArgument } from './parts.ts';

/** In an open block its inherents come first. A state that a block has left has no block in which they could, and clients try things on it. */
const needNoInherents = (state: StateAccess): void => {
  if (!ExecutionPhase.get({ state })) InherentsApplied.put({ state }, true);
};

function* apply(
  parts: ApiParts,
  state: StateAccess,
  argument: Uint8Array,
): Generator<void, Infer<typeof ApplyExtrinsicResult>> {
  const xt = decodeArgument(parts, argument);
  const claim = check(parts, state, xt);
  if (claim && !verifySignature(claim)) throw invalid('BadProof', 'the signature is not the sender’s');
  needNoInherents(state);
  const { encoded } = yield* applyInSteps(parts, state, xt);
  return ApplyExtrinsicResult.decode(encoded);
}

export const blockBuilderApi = (parts: ApiParts): Api => ({
  name: 'BlockBuilder',
  docs: ['Building a block, extrinsic by extrinsic.'],
  methods: [
    method('apply_extrinsic', {
      inputs: { extrinsic: parts.extrinsic },
      output: ApplyExtrinsicResult,
      docs: 'Apply the given extrinsic.',
      *steps(state, { extrinsic }) {
        try {
          return yield* apply(parts, state, extrinsic);
        } catch (error) {
          return asInvalidity(error);
        }
      },
    }),
    method('finalize_block', {
      inputs: {},
      output: Header,
      docs: 'Finish the current block.',
      run() {
        throw new UnknownRuntimeApi(
          'BlockBuilder_finalize_block',
          'the node closes blocks: it alone has the trie of the state',
        );
      },
    }),
    method('inherent_extrinsics', {
      inputs: { inherent: InherentData },
      output: vec(parts.extrinsic),
      docs: 'Generate inherent extrinsics. The time, a u64 in ms, is under `timstap0`.',
      run: (_, { inherent }) => inherentExtrinsics(parts, inherent),
    }),
    method('check_inherents', {
      inputs: { block: blockOf(parts.extrinsic), data: InherentData },
      output: CheckInherentsResult,
      docs: 'Check that the inherents are valid: that the block’s time is later than its parent’s, and at most half a minute ahead.',
      run: (state, { block, data }) => checkInherents(parts, state, block.extrinsics, data),
    }),
  ],
});
