import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { departureIn, refuseSilentReturn } from '../src/registration/departure.ts';
import { NOW, resource } from './market-fixture.ts';

describe('a machine that left the market', () => {
  const nowhere = { resource: undefined };

  it('is known as such over restarts, until it has come back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hamster-departure-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, 'chain', 'left.json');
    expect(await departureIn(path).read()).toBeUndefined();
    await departureIn(path).note(NOW);
    expect(await departureIn(path).read()).toBe(NOW);
    await departureIn(path).forget();
    await departureIn(path).forget();
    expect(await departureIn(path).read()).toBeUndefined();
  });

  it('does not come back unless it is told to', () => {
    expect(() => refuseSilentReturn(NOW, nowhere, false)).toThrow(
      expect.objectContaining({
        code: 'LEFT_MARKET',
        message: expect.stringContaining('--rejoin') as string,
      }),
    );
    expect(() => refuseSilentReturn(NOW, nowhere, true)).not.toThrow();
  });

  it('is no such machine while the chain still has it, or where it never left', () => {
    expect(() => refuseSilentReturn(NOW, { resource: resource() }, false)).not.toThrow();
    expect(() => refuseSilentReturn(undefined, nowhere, false)).not.toThrow();
  });
});
