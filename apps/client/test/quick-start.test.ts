import { mkdtemp, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The chain's library, and what talks to machines: thousands of files, seconds of a processor's time. */
const HEAVY = /node_modules\/(@polkadot|@libp2p|libp2p|rxjs)\//;

describe('what a command loads', () => {
  const loaded: string[] = [];
  let home: string;
  let watching: ReturnType<typeof registerHooks>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'hamster-quick-'));
    watching = registerHooks({
      load(url, context, next) {
        if (HEAVY.test(url)) loaded.push(url);
        return next(url, context);
      },
    });
  });
  afterAll(async () => {
    watching.deregister();
    await rm(home, { recursive: true });
  });

  it('is light where nothing is asked of the chain, and one build of its library where something is', async () => {
    const { createProgram } = await import('../src/cli/program.ts');
    const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    const { signal } = new AbortController();
    const host = { terminal, env: {}, signal, leaveInterrupts: () => () => undefined, self: [] };
    await createProgram(host, '0').run(['completion', 'bash']);
    await createProgram(host, '0').run(['account', 'list', '--home', home]);
    await createProgram(host, '0')
      .run(['--home', home, 'account', 'default'])
      .catch(() => undefined);
    expect(loaded).toEqual([]);

    await import('@hamster/chain-client');
    const polkadot = loaded.filter((url) => url.includes('/@polkadot/'));
    expect(polkadot.length).toBeGreaterThan(100);
    expect(polkadot.filter((url) => !url.includes('/cjs/'))).toEqual([]);
  });
});
