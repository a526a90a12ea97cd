import { createLogger } from '@hamster/daemon';
import { PeerError, type PeerErrorCode } from '@hamster/p2p';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefusalLog } from '../src/access/refusal-log.ts';

const MINUTE = 60_000;

describe('refused requests', () => {
  let lines: Record<string, unknown>[];
  let refusals: RefusalLog;
  const refuse = (times: number, code: PeerErrorCode = 'GRANT_SIGNATURE', what = 'tunnel'): void => {
    for (let time = 0; time < times; time += 1)
      refusals.refused(what, `peer ${time}`, new PeerError(code, 'not signed'));
  };

  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    const log = createLogger({
      ...{ name: 't', level: 'info', json: true, output: { write: () => true } },
      onLine: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    refusals = new RefusalLog({ log });
  });
  afterEach(() => vi.useRealTimers());

  it('are told one by one while they are few', () => {
    refuse(2);
    vi.advanceTimersByTime(2 * MINUTE);
    expect(lines).toMatchObject([
      { msg: 'tunnel refused', peer: 'peer 0', code: 'GRANT_SIGNATURE', reason: 'not signed' },
      { peer: 'peer 1' },
    ]);
  });

  it('are counted when they are a flood, which hides none of another kind', () => {
    refuse(10_000);
    refuse(1, 'LEASE_ENDED');
    refuse(4, 'GRANT_SIGNATURE', 'console');
    expect(lines).toHaveLength(3 + 1 + 3);
    vi.advanceTimersByTime(MINUTE);
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toMatchObject({
      further: { 'tunnel: GRANT_SIGNATURE': 9_997, 'console: GRANT_SIGNATURE': 1 },
    });
    refuse(1);
    expect(lines.at(-1)).toMatchObject({ msg: 'tunnel refused' });
  });

  it('are not lost when the daemon stops', () => {
    refuse(5);
    refusals.close();
    expect(lines.at(-1)).toMatchObject({ further: { 'tunnel: GRANT_SIGNATURE': 2 } });
    expect(vi.getTimerCount()).toBe(0);
  });
});
