import { parentPort } from 'node:worker_threads';
import { rememberingSignatureCheck } from '@hamster/crypto';
import { unpackClaims } from './signatures/batch.ts';
import { stepBack } from './signatures/step-back.ts';
import { STOP, type ToWorker, type VerifyReply } from './signatures/worker-messages.ts';

stepBack();
const verify = rememberingSignatureCheck();
parentPort?.on('message', (message: ToWorker) => {
  if (message === STOP) {
    parentPort?.close();
    return;
  }
  const { id, claims } = message;
  parentPort?.postMessage({ id, valid: unpackClaims(claims).map(verify) } satisfies VerifyReply);
});
