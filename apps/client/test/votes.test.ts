import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ballot, ChainClient, Dispute } from '@hamster/chain-client';
import { watchLeases } from '../src/daemon/watch.ts';
import { forgetVotes } from '../src/votes/forget.ts';
import { lookAfterVotes, remindOfVotes } from '../src/votes/remind.ts';
import { checkVotes } from '../src/doctor/votes.ts';
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

const OTHER = `0x${'09'.repeat(32)}`;

interface Found {
  readonly now: number;
  readonly genesisHash?: string;
  readonly dispute?: object | undefined;
  readonly ballot?: object | undefined;
}

/** A chain that knows one dispute, and what was voted in it. */
function fakeChain(first: Found) {
  let found = first;
  return {
    chain: { genesisHash: first.genesisHash ?? VOTE.genesisHash } as ChainClient['chain'],
    now: async () => found.now,
    parameters: async () => ({ resourceOrder: { hour: 3_600_000 } }) as never,
    dispute: async () => found.dispute as Dispute | undefined,
    ballot: async () => found.ballot as Ballot | undefined,
    set: (changes: Partial<Found>) => void (found = { ...found, ...changes }),
  };
}

describe('a vote that is not shown yet', () => {
  let home: string;
  const told: string[] = [];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'hamster-votes-'));
    told.length = 0;
    await saveVote(home, COMMITMENT, VOTE);
  });
  afterEach(() => rm(home, { recursive: true }));

  function remind(now: number, chain = CHAIN, genesisHash?: string): Promise<void> {
    const tell = (text: string): void => void told.push(text);
    return remindOfVotes({ settings: { home, chain }, tell, ...(genesisHash && { genesisHash }) }, now);
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

  it('is kept when its time may be over, of which nothing is said: only the chain knows', async () => {
    await remind(1_060_000);
    expect(told).toEqual([]);
    expect(await keptVotes(home)).toHaveLength(1);
  });

  it('of a chain that is no more is not asked for where that is known, and kept; doctor names its file', async () => {
    await remind(1_010_000, CHAIN, OTHER);
    expect(told).toEqual([]);
    await remind(1_010_000, 'ws://elsewhere:1', OTHER);
    expect(told).toHaveLength(1);
    const [found] = await checkVotes(home, OTHER);
    expect(found).toMatchObject({
      state: 'warn',
      advice: expect.stringContaining(`rm ${join(home, 'votes', `${COMMITMENT}.json`)}`) as string,
    });
    expect(await checkVotes(home, VOTE.genesisHash)).toEqual([]);
    expect(await keptVotes(home)).toHaveLength(1);
  });

  describe('and what the chain says of it', () => {
    const signal = new AbortController().signal;
    const tell = (text: string) => void told.push(text);
    const forget = (chain: ReturnType<typeof fakeChain>) => forgetVotes({ chain, home, signal, tell });
    const kept = async () => (await keptVotes(home)).length;

    it('keeps it while the dispute is open, however late it is', async () => {
      await forget(fakeChain({ now: 2_000_000, dispute: { status: 'Open' } }));
      expect([await kept(), told]).toEqual([1, []]);
    });

    it.each([
      ['decided', { dispute: { status: 'Decided' } }, /counted as none/],
      ['gone', {}, /over and forgotten/],
      ['shown', { dispute: { status: 'Open' }, ballot: { vote: {} } }, /is shown/],
    ])('forgets it when it is %s, and says so once', async (_, found, text) => {
      await forget(fakeChain({ now: 1_030_000, ...found }));
      expect([await kept(), told]).toEqual([0, [expect.stringMatching(text)]]);
      await forget(fakeChain({ now: 1_030_000, ...found }));
      expect(told).toHaveLength(1);
    });

    it('keeps it where the chain is not that far, or another one', async () => {
      await forget(fakeChain({ now: 999_999 }));
      await forget(fakeChain({ now: 2_000_000, genesisHash: OTHER }));
      expect([await kept(), told]).toEqual([1, []]);
    });

    it('tells after any command that asked the chain when it can still be shown, late as it is', async () => {
      const lookAfter = (chain: ReturnType<typeof fakeChain>) =>
        lookAfterVotes({ chain, settings: { home }, signal, tell }, 2_000_000);
      await lookAfter(fakeChain({ now: 1_030_000, genesisHash: OTHER }));
      expect(told).toEqual([]);
      await lookAfter(fakeChain({ now: 1_030_000, dispute: { status: 'Open' } }));
      expect(told).toEqual([
        'Dispute 7 is still open: the chain stood still, and your vote can be shown. Run: hamster dispute reveal 7',
      ]);
      await lookAfter(fakeChain({ now: 1_030_000, dispute: { status: 'Decided' } }));
      expect([await kept(), told.length]).toEqual([0, 2]);
    });
  });

  it('is forgotten in the rounds of the daemon, and by nothing but what the chain says', async () => {
    const chain = fakeChain({ now: 2_000_000, dispute: { status: 'Open' } });
    const round = async (): Promise<void> => {
      const watching = watchLeases({
        chain,
        keeper: { refresh: async () => undefined, leases: () => [] },
        extender: undefined,
        log: { warn: (text: unknown) => void told.push(String(text)) },
        settings: { home, chain: CHAIN },
        publish: () => undefined,
      });
      const started = await watching.start({ signal: new AbortController().signal } as never);
      await started.stop();
    };
    await round();
    expect(await keptVotes(home)).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('is still open')]);
    chain.set({ dispute: { status: 'Decided' } });
    await round();
    expect(await keptVotes(home)).toEqual([]);
    expect(told.slice(1)).toEqual([expect.stringContaining('counted as none')]);
  });
});
