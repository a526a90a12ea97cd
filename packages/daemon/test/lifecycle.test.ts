import { describe, expect, it, vi } from 'vitest';
import { Lifecycle } from '../src/index.ts';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

describe('Lifecycle', () => {
  it('hands back what a service starts with and stops in reverse', async () => {
    const order: string[] = [];
    const lifecycle = new Lifecycle({ log });
    const service = (name: string) => ({
      name,
      start: () => name.toUpperCase(),
      stop: (value: string) => void order.push(value),
    });
    expect(await lifecycle.start(service('a'))).toBe('A');
    await lifecycle.start(service('b'));
    await lifecycle.stop();
    expect(order).toEqual(['B', 'A']);
  });

  it('goes on stopping when one service cannot', async () => {
    const stop = vi.fn();
    const lifecycle = new Lifecycle({ log });
    await lifecycle.start({ name: 'first', start: () => 1, stop });
    await lifecycle.start({
      name: 'second',
      start: () => 2,
      stop: () => {
        throw new Error('stuck');
      },
    });
    await lifecycle.stop();
    expect(stop).toHaveBeenCalledOnce();
    expect(log.warn).toHaveBeenCalledWith({ service: 'second', reason: 'stuck' }, 'did not stop cleanly');
  });

  it('waits no longer than the deadline', async () => {
    const lifecycle = new Lifecycle({ log, stopDeadlineMs: 20 });
    await lifecycle.start({ name: 'slow', start: () => 1, stop: () => new Promise<void>(() => undefined) });
    await expect(lifecycle.stop()).resolves.toBeUndefined();
  });

  it('gives back what a start took that ended after its deadline', async () => {
    const stop = vi.fn();
    const late = Promise.withResolvers<string>();
    const lifecycle = new Lifecycle({ log, startDeadlineMs: 10 });
    const starting = lifecycle.start({ name: 'late', start: () => late.promise, stop });
    await expect(starting).rejects.toMatchObject({ code: 'SERVICE_START_FAILED' });
    late.resolve('taken');
    await lifecycle.stop();
    expect(stop).toHaveBeenCalledWith('taken', expect.any(AbortSignal));
  });

  it.each([60_000, Infinity])('gives a service that asks for %i ms that long', async (startDeadlineMs) => {
    const lifecycle = new Lifecycle({ log, startDeadlineMs: 1 });
    const start = () => new Promise<string>((resolve) => setTimeout(() => resolve('there'), 50));
    await expect(lifecycle.start({ name: 'large', start, startDeadlineMs })).resolves.toBe('there');
    await expect(lifecycle.start({ name: 'small', start })).rejects.toMatchObject({
      code: 'SERVICE_START_FAILED',
    });
  });

  it('ends a start in progress when it is stopped', async () => {
    const lifecycle = new Lifecycle({ log });
    const starting = lifecycle.start({
      name: 'endless',
      start: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    const refused = expect(starting).rejects.toMatchObject({ code: 'SERVICE_START_FAILED' });
    await lifecycle.stop();
    await refused;
  });

  it('tells of an essential death only', async () => {
    const lifecycle = new Lifecycle({ log });
    await lifecycle.start({ name: 'extra', essential: false, start: ({ fail }) => fail(new Error('bye')) });
    await lifecycle.start({ name: 'core', start: ({ fail }) => fail(new Error('gone')) });
    expect(await lifecycle.died).toMatchObject({ code: 'SERVICE_DIED', message: 'core died: gone' });
  });
});
