import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dispute } from '@hamster/chain-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../src/cli/context.ts';
import type { Run } from '../src/cli/program.ts';
import { commitCommand } from '../src/commands/dispute/commit.ts';
import { revealCommand } from '../src/commands/dispute/reveal.ts';
import { showCommand } from '../src/commands/dispute/show.ts';
import { moment } from '../src/format/duration.ts';
import { keptVotes, saveVote } from '../src/votes/vote-files.ts';
import { fakeContext } from './support/context.ts';

const COMMITMENT = `0x${'ab'.repeat(32)}`;
const GENESIS = `0x${'01'.repeat(32)}`;
const ME = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const VOTE = {
  genesisHash: GENESIS,
  chain: 'ws://127.0.0.1:9944',
  dispute: 7,
  voter: ME,
  verdict: 'ProviderAtFault' as const,
  observed: { reachable: false, cpuCores: 0, memoryMib: 0, diskGib: 0 },
  salt: `0x${'02'.repeat(32)}`,
  showFrom: 1000,
  showUntil: 2000,
};
const DISPUTE = {
  id: 7,
  lease: 1,
  claim: 'Unreachable',
  evidenceHash: '0x00',
  deposit: 0n,
  panel: [ME],
  status: 'Open',
  commitUntil: 1000,
  revealUntil: 2000,
} as unknown as Dispute;

/** What a chain says from one look at the dispute to the next; the last of it for ever. */
type Looks = readonly { readonly now: number; readonly dispute?: Partial<Dispute> | undefined }[];

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-showing-'));
  await saveVote(home, COMMITMENT, VOTE);
});
afterEach(() => rm(home, { recursive: true }));

/** A member of the panel, on a chain that goes on by one look with each question for its time. */
function member(looks: Looks, submit?: (signal: AbortSignal) => Promise<void>) {
  const printed: string[] = [];
  const told: string[] = [];
  const ending = new AbortController();
  let ballot: unknown = { commitment: COMMITMENT, vote: undefined };
  const sent: unknown[] = [];
  const waits: (number | undefined)[] = [];
  let asked = -1;
  const look = () => looks[Math.min(Math.max(asked, 0), looks.length - 1)];
  const disputeNow = () => {
    const changes = look()?.dispute;
    return changes && ({ ...DISPUTE, ...changes } as Dispute);
  };
  const chain = {
    chain: { genesisHash: GENESIS },
    now: async () => {
      asked += 1;
      return look()?.now ?? 0;
    },
    dispute: async () => disputeNow(),
    ballot: async () => ballot,
    lease: async () => undefined,
    calls: {
      arbitration: { revealVote: (vote: unknown) => vote, commitVote: (id: number) => ({ commit: id }) },
    },
    submit: async (call: unknown, _pair: unknown, { signal }: { signal: AbortSignal }) => {
      sent.push(call);
      await submit?.(signal);
    },
    /** Tells at once whatever comes next, or that nothing came. */
    awaitDispute: async (
      _id: number,
      wanted: (dispute: Dispute) => boolean,
      { timeoutMs }: { timeoutMs?: number },
    ) => {
      waits.push(timeoutMs);
      asked += 1;
      const next = disputeNow();
      if (!next || wanted(next)) return next;
      throw Object.assign(new Error('took longer'), { code: 'CHAIN_TIMEOUT' });
    },
  };
  const context: Context = {
    ...fakeContext({ home }),
    chain: async () => chain as never,
    account: async () => ({ address: ME, unlock: async () => ({}) }) as never,
    signal: ending.signal,
    print: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
  };
  const run: Run =
    (handler) =>
    async (...args) =>
      void (await handler(context, ...args));
  return {
    printed,
    told,
    sent,
    waits,
    leaves: () => ending.abort(new Error('Stopped.')),
    has: (given: unknown) => void (ballot = given),
    commits: (...args: string[]) => commitCommand(run).parseAsync(['7', '--yes', ...args], { from: 'user' }),
    shows: () => showCommand(run).parseAsync(['7'], { from: 'user' }),
    reveals: (...args: string[]) => revealCommand(run).parseAsync(['7', ...args], { from: 'user' }),
    watches: () => showCommand(run).parseAsync(['7', '--watch'], { from: 'user' }),
  };
}

describe('`dispute reveal`, after a chain that stood still gave time back', () => {
  it('shows a vote whose kept time is over long since', async () => {
    const late = { commitUntil: 1000, revealUntil: 900_000 };
    const judge = member([{ now: 500_000, dispute: late }]);
    await judge.reveals();
    expect(judge.sent).toEqual([expect.objectContaining({ dispute: 7, verdict: 'ProviderAtFault' })]);
    expect(await keptVotes(home)).toEqual([]);
  });

  it('waits until the new moment, and takes what it then says for the time', async () => {
    const later = { commitUntil: 5000, revealUntil: 6000 };
    const judge = member([
      { now: 900, dispute: {} },
      { now: 900, dispute: {} },
      { now: 3000, dispute: later },
      { now: 5000, dispute: later },
    ]);
    await judge.reveals('--wait');
    expect(judge.sent).toHaveLength(1);
    expect(judge.printed[0]).toContain(`It is decided by ${moment(6000)}.`);
  });

  it('is too late when the chain has decided, and not before', async () => {
    const judge = member([{ now: 3000, dispute: {} }]);
    await expect(judge.reveals()).rejects.toMatchObject({ code: 'TOO_LATE' });
    expect(await keptVotes(home)).toHaveLength(1);
    const later = member([{ now: 3000, dispute: { status: 'Decided' } }]);
    await expect(later.reveals()).rejects.toMatchObject({ code: 'TOO_LATE' });
    expect(await keptVotes(home)).toEqual([]);
    expect([...judge.sent, ...later.sent]).toEqual([]);
  });
});

describe('leaving while a vote is under way', () => {
  /** A node that takes the transaction and says no more, while the judge leaves. */
  function leaving(looks: Looks) {
    const judge = member(looks, (signal) => {
      const never = new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
      judge.leaves();
      return never;
    });
    return judge;
  }

  it('says that it may be given or shown all the same, and keeps what is needed to show it', async () => {
    const showing = leaving([{ now: 1500, dispute: {} }]);
    await expect(showing.reveals()).rejects.toThrow('Stopped.');
    const voting = leaving([{ now: 500, dispute: {} }]);
    await expect(voting.commits('--verdict', 'at-fault', '--unreachable')).rejects.toThrow('Stopped.');
    for (const { told, sent } of [showing, voting]) {
      expect(sent).toHaveLength(1);
      expect(told.at(-1)).toMatch(/may be done all the same.*hamster dispute show 7/);
    }
    expect(await keptVotes(home)).toHaveLength(2);
  });

  it('can be looked after: a member of the panel reads whether the chain has the vote', async () => {
    const lineOf = async (now: number, ballot: unknown) => {
      const judge = member([{ now, dispute: { renter: 'you', committed: 1, revealed: 0, openedAt: 0 } }]);
      judge.has(ballot);
      await judge.shows();
      return judge.printed[0]?.split('\n').at(-1);
    };
    expect(await lineOf(500, undefined)).toContain('Vote with: hamster dispute commit 7');
    expect(await lineOf(500, { commitment: COMMITMENT })).toMatch(/have voted.*from .* on with/);
    expect(await lineOf(1500, { commitment: COMMITMENT })).toMatch(/have voted.*hamster dispute reveal 7/);
    expect(await lineOf(1500, { commitment: COMMITMENT, vote: {} })).toContain('is shown');
    expect(await lineOf(1500, undefined)).toContain('did not vote in time');
  });
});

describe('`dispute show --watch`', () => {
  const decided = {
    status: 'Decided',
    decision: { verdict: 'Inconclusive', at: 9000 },
  } as const;

  it('waits as long as the windows last by now, and over a standstill that is not over', async () => {
    const judge = member([
      { now: 1500, dispute: {} },
      { now: 1500, dispute: {} },
      // The chain stands still: no block has come when the wait is over.
      { now: 1500, dispute: {} },
      { now: 1500, dispute: {} },
      { now: 1500, dispute: {} },
      { now: 902_000, dispute: { revealUntil: 902_000 } },
      { now: 902_000, dispute: { revealUntil: 902_000 } },
      { now: 902_000, dispute: { revealUntil: 902_000, ...decided } },
    ]);
    await judge.watches();
    expect(judge.waits).toEqual([120_500, 120_500, 120_000]);
    expect(judge.printed.at(-1)).toContain('nothing is proved');
  });

  it('gives up on a chain that goes on and does not decide', async () => {
    const judge = member([{ now: 130_000, dispute: {} }]);
    await expect(judge.watches()).rejects.toMatchObject({ code: 'CHAIN_TIMEOUT' });
  });
});
