import { parentPort } from 'node:worker_threads';
import { verifySignature, type SignatureClaim } from '@hamster/crypto';

export interface VerifyRequest {
  readonly id: number;
  readonly claims: readonly SignatureClaim[];
}

export interface VerifyReply {
  readonly id: number;
  readonly valid: readonly boolean[];
}

parentPort?.on('message', ({ id, claims }: VerifyRequest) => {
  parentPort?.postMessage({ id, valid: claims.map(verifySignature) } satisfies VerifyReply);
});
