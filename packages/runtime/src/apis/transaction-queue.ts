import { verifySignature } from '@hamster/crypto';
import { type DecodedExtrinsic, H256, type StateAccess } from '@hamster/frame';
import { check } from '../executive/check.ts';
import { validate } from '../executive/validate.ts';
import { asValidity, TransactionSource, TransactionValidity } from '../extrinsic/validity.ts';
import { type Api, method } from './method.ts';
import { type ApiParts, decodeArgument } from './parts.ts';

const isSignedWell = (
  parts: ApiParts,
  state: StateAccess,
  xt: DecodedExtrinsic,
  blockHash: Uint8Array,
): boolean => {
  const claim = check(parts, state, xt, blockHash);
  return !claim || verifySignature(claim);
};

export const transactionQueueApi = (parts: ApiParts): Api => ({
  name: 'TaggedTransactionQueue',
  docs: ['What a pool asks of the rules.'],
  methods: [
    method('validate_transaction', {
      inputs: { source: TransactionSource, tx: parts.extrinsic, block_hash: H256 },
      output: TransactionValidity,
      docs: 'Validate the transaction.',
      run: (state, { source, tx, block_hash: blockHash }) =>
        asValidity(() => {
          const xt = decodeArgument(parts, tx);
          const signatureValid = isSignedWell(parts, state, xt, blockHash);
          return validate(parts, state, xt, { signatureValid, source: source.type, blockHash });
        }),
    }),
  ],
});
