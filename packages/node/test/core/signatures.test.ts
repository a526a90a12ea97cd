import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { MemoryState, type SignatureClaim } from '@hamster/frame';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { packClaims, unpackClaims } from '../../src/signatures/batch.ts';
import { SignatureVerifier } from '../../src/signatures/verifier.ts';
import { WorkerThread } from '../../src/signatures/worker-thread.ts';
import { manualNode, recorder } from './harness.ts';
import { TestAccount, testRuntime } from './test-runtime.ts';

const TASKS = '/proc/self/task';
const { PRIORITY_LOW } = constants.priority;

function verifier(maxWaiting = 1000): SignatureVerifier {
  const created = new SignatureVerifier({ workers: 2, maxWaiting, logger: recorder().logger });
  onTestFinished(() => created.close());
  return created;
}

/** As the pool has a claim checked. */
const arriving = (subject: SignatureVerifier, claim: SignatureClaim): Promise<boolean> =>
  new Promise((checked, failed) => subject.check(claim, { checked, failed }));

function claims(count: number, forged = false): SignatureClaim[] {
  const runtime = testRuntime();
  const account = new TestAccount();
  return Array.from({ length: count }, (_, nonce) => {
    const extrinsic = runtime.decodeExtrinsic(account.extrinsic({ nonce, forged }));
    const claim = runtime.check(new MemoryState(), extrinsic);
    if (!claim) throw new TypeError('An unsigned extrinsic');
    return claim;
  });
}

describe('signatures', () => {
  it('are told apart, each answer with its question, over many batches', async () => {
    const subject = verifier();
    const [good, bad] = [claims(150), claims(150, true)];
    const mixed = good.flatMap((claim, index) => [claim, bad[index] ?? claim]);
    const answers = await Promise.all(mixed.map((claim) => subject.verify(claim)));
    expect(answers).toEqual(mixed.map((_, index) => index % 2 === 0));
    expect(good.every((claim) => subject.verifyNow(claim))).toBe(true);
    expect(bad.some((claim) => subject.verifyNow(claim))).toBe(false);
  });

  it('that were good for one message are not for another', async () => {
    const subject = verifier();
    const [first, second] = claims(2);
    if (!first || !second) throw new RangeError('no claims');
    expect(await subject.verify(first)).toBe(true);
    expect(await subject.verify({ ...first, message: second.message })).toBe(false);
    expect(subject.verifyNow({ ...first, scheme: 'sr25519' })).toBe(false);
    const alike = first.signature.map((byte, at) => (at < first.signature.length - 1 ? byte : byte ^ 1));
    expect(subject.verifyNow({ ...first, signature: alike })).toBe(false);
    expect(await subject.verify({ ...first, signature: alike })).toBe(false);
    expect(await subject.verify(first)).toBe(true);
  });

  it('reach another thread as they are, of whatever length their parts', () => {
    const [claim] = claims(1);
    if (!claim) throw new RangeError('no claims');
    const odd: SignatureClaim[] = [
      { ...claim, accountId: new Uint8Array() },
      { ...claim, scheme: 'ecdsa', signature: new Uint8Array(65).fill(3) },
      { ...claim, scheme: 'sr25519', message: new Uint8Array(100_001).fill(5) },
      claim,
    ];
    expect(unpackClaims(packClaims(odd))).toEqual(odd);
    expect(unpackClaims(packClaims([]))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'are checked by threads that let the main thread go first',
    async () => {
      const before = new Set(readdirSync(TASKS));
      const subject = verifier();
      const [claim] = claims(1);
      expect(claim && (await subject.verify(claim))).toBe(true);
      const own = getPriority();
      const added = readdirSync(TASKS).filter((task) => !before.has(task));
      // Nobody is nicer than who is as nice as can be, as a whole suite may be.
      expect(added.filter((task) => getPriority(Number(task)) === PRIORITY_LOW).length).toBeGreaterThan(0);
      expect(getPriority()).toBe(own);
    },
  );

  it('are checked by as many threads as the node is told to have', async () => {
    let threads = 0;
    const onThread = () => void (threads += 1);
    subscribe('worker_threads', onThread);
    onTestFinished(() => void unsubscribe('worker_threads', onThread));
    // More than any host gets that says nothing.
    await manualNode({ signatureWorkers: 5 });
    expect(threads).toBe(5);
  });

  it('wait only up to a bound', async () => {
    const subject = verifier(2);
    const results = await Promise.allSettled(claims(3).map((claim) => arriving(subject, claim)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'NODE_BUSY' } });
  });

  it('of a block are neither refused nor checked behind all that waits for the pool', async () => {
    const subject = new SignatureVerifier({ workers: 1, maxWaiting: 300, logger: recorder().logger });
    onTestFinished(() => subject.close());
    let arrived = 0;
    const pool = claims(300).map((claim) => arriving(subject, claim).then(() => (arrived += 1)));
    const [late, ...ofBlock] = claims(21);
    if (!late) throw new RangeError('no claims');
    await expect(arriving(subject, late)).rejects.toMatchObject({ code: 'NODE_BUSY' });
    expect(await Promise.all(ofBlock.map((claim) => subject.verify(claim)))).toEqual(ofBlock.map(() => true));
    expect(arrived).toBeLessThan(pool.length);
    await Promise.all(pool);
  });

  it('that wait for the pool are not checked again when a block had them meanwhile', async () => {
    const checks = vi.spyOn(WorkerThread.prototype, 'verify');
    onTestFinished(() => checks.mockRestore());
    const subject = new SignatureVerifier({ workers: 1, maxWaiting: 1000, logger: recorder().logger });
    onTestFinished(() => subject.close());
    const all = claims(500);
    const arrived = Promise.all(all.map((claim) => arriving(subject, claim)));
    // As another message held them.
    const ofBlock = all.slice(300).map((claim) => ({ ...claim }));
    expect((await Promise.all(ofBlock.map((claim) => subject.verify(claim)))).every(Boolean)).toBe(true);
    expect((await arrived).every(Boolean)).toBe(true);
    expect(checks.mock.calls.reduce((sum, [batch]) => sum + batch.length, 0)).toBe(all.length);
  });

  it('are not waited for any more when the node closes', async () => {
    const subject = verifier();
    const waiting = Promise.allSettled(claims(5).map((claim) => subject.verify(claim)));
    await subject.close();
    for (const result of await waiting) expect(result).toMatchObject({ reason: { code: 'NODE_CLOSED' } });
    await expect(subject.verify(claims(1)[0] as SignatureClaim)).rejects.toMatchObject({
      code: 'NODE_CLOSED',
    });
  });

  it('leave each thread to end by itself: one terminated while it loads native code aborts the process', async () => {
    const codes: number[] = [];
    const onThread = (message: unknown) =>
      (message as { worker: Worker }).worker.once('exit', (code) => codes.push(code));
    subscribe('worker_threads', onThread);
    onTestFinished(() => void unsubscribe('worker_threads', onThread));
    const subject = verifier();
    await Promise.all(claims(128).map((claim) => subject.verify(claim)));
    await subject.close();
    expect(codes).toEqual([0, 0]);
  });
});
