import { blake2b256, type SignatureClaim } from '@hamster/crypto';

/** The claim as a worker gets it: copies, because a view would take its whole buffer along. */
export const portable = ({ scheme, accountId, message, signature }: SignatureClaim): SignatureClaim => ({
  scheme,
  accountId: accountId.slice(),
  message: message.slice(),
  signature: signature.slice(),
});

/** Names the claim: two claims with the same name are the same statement. */
export function claimKey({ scheme, accountId, message, signature }: SignatureClaim): string {
  const parts = [Buffer.from(`${scheme}:${signature.length}:`), accountId, signature, message];
  return Buffer.from(blake2b256(Buffer.concat(parts))).toString('latin1');
}
