import { ChainError, ChainUnreachable } from '@hamster/chain-client';
import type { Logger } from '@hamster/daemon';
import { describe, expect, it } from 'vitest';
import { untilCaughtUp, type StartingNode } from '../src/caught-up.ts';
import type { ChainMark, Seen } from '../src/chain-mark.ts';

const SEEN: Seen = { chainTime: 60_000, block: { number: 9, hash: '0x09' } };
const WHOLE: StartingNode = {
  blockHash: () => Promise.resolve('0x09'),
  now: () => Promise.resolve(60_000),
  isSyncing: () => Promise.resolve(false),
};

const markOf = (seen: Seen): ChainMark => ({
  path: '/mark',
  read: () => Promise.resolve(seen),
  write: () => Promise.reject(new Error('a start notes nothing')),
});

/** The lines that were logged while the node answered in one way after the other. */
async function linesWith(answers: readonly Partial<StartingNode>[], seen = SEEN): Promise<string[]> {
  const lines: string[] = [];
  let look = 0;
  const node: StartingNode = {
    blockHash: (...given) => ({ ...WHOLE, ...answers[look++] }).blockHash(...given),
    now: () => ({ ...WHOLE, ...answers[look - 1] }).now(),
    isSyncing: () => ({ ...WHOLE, ...answers[look - 1] }).isSyncing(),
  };
  const log = { warn: (line: string) => lines.push(line), info: (line: string) => lines.push(line) };
  const { signal } = new AbortController();
  await untilCaughtUp({ node, mark: markOf(seen), log: log as unknown as Logger, signal, everyMs: 1 });
  expect(look).toBe(answers.length);
  return lines;
}

describe('a provider that starts', () => {
  it('goes on at once on a node that is up to date', async () => {
    expect(await linesWith([{}])).toEqual([]);
  });

  it('waits for the block that it saw, and says so once, with what to do if that block never comes', async () => {
    const behind = { blockHash: () => Promise.resolve(undefined) };
    const [first, last, ...rest] = await linesWith([behind, behind, behind, {}]);
    expect(first).toMatch(/the node is behind what this provider saw .*nothing is registered or served/);
    expect(first).toContain('If that chain was given up and begun anew, remove /mark');
    expect(last).toBe('the node has caught up');
    expect(rest).toEqual([]);
  });

  it('waits for the time that it saw, where the block is there', async () => {
    const early = { now: () => Promise.resolve(59_999) };
    expect((await linesWith([early, {}]))[0]).toContain('1970-01-01T00:01:00.000Z');
  });

  it('waits while the node says itself that its peers have more, and through a moment without answers', async () => {
    const lines = await linesWith([
      { isSyncing: () => Promise.resolve(true) },
      { now: () => Promise.reject(new ChainUnreachable('The node is away.')) },
      {},
    ]);
    expect(lines[0]).toContain('catches up with its peers');
    expect(lines[1]).toContain('The node is away');
  });

  it('ends on what no waiting mends, and when it is told to', async () => {
    const replaced = linesWith([{ blockHash: () => Promise.resolve('0xff') }]);
    await expect(replaced).rejects.toMatchObject({ code: 'CHAIN_REPLACED' });
    const broken = linesWith([
      { now: () => Promise.reject(new ChainError('BROKEN', 'No.', { fault: 'bug' })) },
    ]);
    await expect(broken).rejects.toMatchObject({ code: 'BROKEN' });
    const stop = AbortSignal.abort(new Error('asked to stop'));
    const node = { ...WHOLE, isSyncing: () => Promise.resolve(true) };
    const log = { warn: () => undefined } as unknown as Logger;
    await expect(untilCaughtUp({ node, mark: markOf(SEEN), log, signal: stop })).rejects.toThrow(
      'asked to stop',
    );
  });
});
