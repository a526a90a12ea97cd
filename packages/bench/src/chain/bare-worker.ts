/** Checks signatures and does nothing else: what the machine could do at best. */
import { verifySignature, type SignatureClaim } from '@hamster/crypto';
import { parentPort, workerData } from 'node:worker_threads';

export interface BareTask {
  readonly claims: readonly SignatureClaim[];
  /** ms. */
  readonly duration: number;
}

export interface BareResult {
  readonly checked: number;
  readonly falseOnes: number;
  /** ms. */
  readonly took: number;
  /** Processor time of this thread, ms. */
  readonly cpu: number;
}

const { claims, duration } = workerData as BareTask;

parentPort?.once('message', () => {
  const since = performance.now();
  const cpuBefore = process.threadCpuUsage();
  let [checked, falseOnes] = [0, 0];
  while (performance.now() - since < duration) {
    for (const claim of claims.slice(checked % claims.length, (checked % claims.length) + 64)) {
      if (!verifySignature(claim)) falseOnes += 1;
      checked += 1;
    }
  }
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const result: BareResult = {
    checked,
    falseOnes,
    took: performance.now() - since,
    cpu: (user + system) / 1000,
  };
  parentPort?.postMessage(result);
  parentPort?.close();
});
