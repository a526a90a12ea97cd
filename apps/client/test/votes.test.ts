import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remindOfVotes } from '../src/votes/remind.ts';
import { keptVotes, loadVote, saveVote } from '../src/votes/vote-files.ts';

const COMMITMENT = `0x${'ab'.repeat(32)}`;
const CHAIN = 'ws://127.0.0.1:9944';
const VOTE = {
  genesisHash: `0x${'01'.repeat(32)}`,
  chain: CHAIN,
  dispute: 7,
  voter: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  verdict: 'ProviderAtFault' as const,
  observed: { reachable: false, cpuCores: 0, memoryMib: 0, diskGib: 0 },
  salt: `0x${'02'.repeat(32)}`,
  showFrom: 1_000_000,
  showUntil: 1_060_000,
};

describe('a vote that is not shown yet', () => {
  let home: string;
  const told: string[] = [];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'hamster-votes-'));
    told.length = 0;
    await saveVote(home, COMMITMENT, VOTE);
  });
  afterEach(() => rm(home, { recursive: true }));

  function remind(now: number, chain = CHAIN): Promise<void> {
    return remindOfVotes({ settings: { home, chain }, tell: (text) => told.push(text) }, now);
  }

  it('is kept in a file for its owner alone, under its commitment', async () => {
    expect((await stat(join(home, 'votes', `${COMMITMENT}.json`))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'votes'))).mode & 0o777).toBe(0o700);
    expect(await loadVote(home, COMMITMENT)).toEqual(VOTE);
    expect(await loadVote(home, `0x${'cd'.repeat(32)}`)).toBeUndefined();
  });

  it('is asked for when it is time, and on which chain', async () => {
    await remind(999_999);
    expect(told).toEqual([]);
    await remind(1_010_000);
    expect(told[0]).toBe(
      'NOW is the time to show your vote in dispute 7: 50 s left, or it counts as none. Run: hamster dispute reveal 7',
    );
    await remind(1_010_000, 'ws://elsewhere:1');
    expect(told[1]).toContain(`hamster dispute reveal 7 --chain ${CHAIN}`);
  });

  it('is forgotten when it is too late, and that is said once', async () => {
    await remind(1_060_000);
    expect(told).toEqual(['Your vote in dispute 7 was not shown in time: it counted as none.']);
    expect(await keptVotes(home)).toEqual([]);
    await remind(1_060_001);
    expect(told).toHaveLength(1);
  });
});
