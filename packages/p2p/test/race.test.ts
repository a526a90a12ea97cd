import { describe, expect, test } from 'vitest';
import { race, type Attempt } from '../src/routes/race.ts';

const options = { staggerMs: 10, attemptMs: 1000, discard: () => undefined };

function attempt<T>(label: string, run: (signal: AbortSignal) => Promise<T>): Attempt<T> {
  return { label, run };
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

function run<T>(attempts: Attempt<T>[], change: Partial<Parameters<typeof race<T>>[1]> = {}): Promise<T> {
  return race(attempts, { signal: new AbortController().signal, ...options, ...change });
}

describe('a race', () => {
  test('overtakes a silent attempt, and aborts it', async () => {
    let aborted = false;
    const silent = attempt('silent', (signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return never(signal);
    });
    expect(await run([silent, attempt('quick', async () => 2)])).toBe(2);
    expect(aborted).toBe(true);
  });

  test('leaves a failed attempt at once', async () => {
    const failing = attempt('failing', () => Promise.reject(new RangeError('no')));
    // Later than this test may take.
    expect(await run([failing, attempt('next', async () => 2)], { staggerMs: 600_000 })).toBe(2);
  });

  test('does not start the next one while the first is quick', async () => {
    let started = false;
    const second = attempt('second', async () => {
      started = true;
      return 2;
    });
    expect(await run([attempt('first', async () => 1), second])).toBe(1);
    expect(started).toBe(false);
  });

  test('gets rid of a result that comes too late', async () => {
    const late = Promise.withResolvers<number>();
    const discarded = Promise.withResolvers<number>();
    const attempts = [attempt('late', () => late.promise), attempt('quick', async () => 2)];
    expect(await run(attempts, { discard: discarded.resolve })).toBe(2);
    late.resolve(1);
    expect(await discarded.promise).toBe(1);
  });

  test('says why each attempt failed', async () => {
    const failing = attempt('by one way', () => Promise.reject(new RangeError('no')));
    const slow = attempt('by another', never);
    await expect(run([failing, slow], { attemptMs: 20 })).rejects.toMatchObject({
      code: 'NO_ROUTE',
      message: 'No way led there: by one way: no; by another: no answer in time',
    });
    await expect(run([])).rejects.toMatchObject({ code: 'NO_ROUTE' });
  });

  test('ends with the signal', async () => {
    const controller = new AbortController();
    const running = run([attempt('silent', never)], { signal: controller.signal });
    controller.abort(new RangeError('stop'));
    await expect(running).rejects.toThrow('stop');
  });
});
