import { describe, expect, test } from 'vitest';
import { claim, offline, register, reset, withdraw } from '../src/commands/actions.ts';
import { statusLines } from '../src/commands/status.ts';
import { keepClaiming } from '../src/rewards/claim-rewards.ts';
import { entry, FakeChain, silent, until } from './support.ts';

const HAM = 10n ** 12n;
const { signal } = new AbortController();
const wanted = { ...entry, stake: undefined };

describe('rewards', () => {
  async function claiming(chain: FakeChain, atLeast: bigint) {
    const ending = new AbortController();
    const claims: bigint[] = [];
    const options = {
      chain,
      log: silent,
      everyMs: 5,
      atLeast,
      onClaim: (amount: bigint) => claims.push(amount),
    };
    const done = keepClaiming(options, ending.signal);
    const stop = async (): Promise<void> => {
      ending.abort();
      await done;
    };
    return { claims, stop };
  }

  test('are claimed when they are worth it, again and again', async () => {
    const chain = new FakeChain();
    chain.claimable = 5n * HAM;
    const { claims, stop } = await claiming(chain, HAM);
    await until(() => claims.length === 1);
    chain.claimable = 2n * HAM;
    await until(() => claims.length === 2);
    await stop();
    expect(claims).toEqual([5n * HAM, 2n * HAM]);
  });

  test('are left to grow while they are little, and wait for a chain that is away', async () => {
    const chain = new FakeChain();
    chain.claimable = HAM - 1n;
    chain.away = true;
    const { claims, stop } = await claiming(chain, HAM);
    await until(() => chain.missed >= 2);
    chain.away = false;
    const looks = chain.looks;
    await until(() => chain.looks > looks + 1);
    expect(claims).toEqual([]);
    chain.claimable = HAM;
    await until(() => claims.length === 1);
    await stop();
  });
});

describe('a command', () => {
  test('claims, and says how much it was', async () => {
    const chain = new FakeChain();
    chain.claimable = 12n * HAM + HAM / 2n;
    expect(await claim(chain, signal)).toEqual(['Claimed 12.5 HAM; the account now has 5 HAM to spend.']);
  });

  test('registers with twice the least stake, and changes nothing the second time', async () => {
    const chain = new FakeChain();
    expect((await register(wanted)(chain, signal))[0]).toMatch(
      /^Registered: peer 12D3KooWpeer, stake 0\.0+2 HAM/,
    );
    expect((await register(wanted)(chain, signal))[0]).toMatch(/online already/);
    expect(chain.sent).toEqual(['register']);
  });

  test('goes offline, and says until when how much unbonds', async () => {
    const chain = new FakeChain();
    await register({ ...wanted, stake: 150n * HAM })(chain, signal);
    const lines = await offline(chain, signal);
    expect(lines[1]).toBe(
      '150 HAM of stake unbonds until 1970-01-01 00:17:40 UTC; then: hamster-gateway withdraw.',
    );
    expect(await withdraw(chain, signal)).toEqual(['150 HAM of stake is free money again.']);
    expect(await register(wanted)(chain, signal)).toEqual([
      expect.stringContaining('Online again'),
      expect.any(String),
    ]);
  });

  test('resets a dropped gateway when it has cooled down, not before', async () => {
    const chain = new FakeChain();
    await register({ ...wanted, stake: 150n * HAM })(chain, signal);
    if (chain.now) chain.now = { ...chain.now, status: 'Dropped', stake: 142n * HAM, droppedAt: chain.clock };
    await expect(reset(chain, signal)).rejects.toMatchObject({
      code: 'COOLING_DOWN',
      message: expect.stringContaining('may come back at 1970-01-01 00:16:41 UTC'),
    });
    expect(await statusLines(chain, 'me', signal)).toContainEqual(expect.stringMatching(/^status +dropped/));
    chain.clock += chain.coolDown;
    expect(await reset(chain, signal)).toEqual(['The gateway is online again with a stake of 142 HAM.']);
  });

  test('has a gateway that lost all of its stake removed, as its status says', async () => {
    const chain = new FakeChain();
    await register({ ...wanted, stake: 150n * HAM })(chain, signal);
    if (chain.now) chain.now = { ...chain.now, status: 'Dropped', stake: 0n, droppedAt: chain.clock };
    await offline(chain, signal);
    expect(await statusLines(chain, 'me', signal)).toContainEqual(
      expect.stringMatching(
        /^status +offline, and nothing is left of its stake; from 1970-01-01 00:16:41 UTC on: hamster-gateway withdraw$/,
      ),
    );
    expect(await withdraw(chain, signal)).toEqual([
      'Nothing was left of the stake; the gateway was removed.',
      'Register again: hamster-gateway register --stake <HAM>.',
    ]);
    expect((await register(wanted)(chain, signal))[0]).toMatch(/^Registered/);
  });

  test('shows status: entry, money, rewards', async () => {
    const chain = new FakeChain();
    chain.claimable = 3n * HAM;
    expect(await statusLines(chain, 'me', signal)).toContainEqual(
      expect.stringMatching(/^status +not registered$/),
    );
    await register({ ...wanted, stake: 150n * HAM })(chain, signal);
    const text = (await statusLines(chain, 'me', signal)).join('\n');
    for (const row of [/status +online/, /stake +150 HAM/, /rewards +3 HAM to claim/, /peer +12D3KooWpeer/])
      expect(text).toMatch(row);
  });
});
