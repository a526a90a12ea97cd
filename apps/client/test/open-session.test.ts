import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChainUnreachable, type ChainClient } from '@hamster/chain-client';
import { devAccount } from '@hamster/daemon';
import { MAX_GRANT_MS, PeerError } from '@hamster/p2p';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openSession, recentSession } from '../src/access/open-session.ts';
import { bySession } from '../src/access/reach.ts';
import { CliError, EXIT } from '../src/cli/errors.ts';
import type { Context } from '../src/cli/context.ts';
import { fakeContext } from './support/context.ts';

const HOUR = 3_600_000;
const GRANT = 20 * HOUR;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-session-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(home, { recursive: true });
});

/** Alice's lease 7 on a chain whose time is what the test says. */
async function renter() {
  const pair = await devAccount('alice');
  const at = { chainTime: 0, isLocked: false, isAway: false };
  const lease = {
    ...{ id: 7, resource: 1, renter: pair.address, status: 'Active' },
    ...{ sshHostKey: 'ssh-ed25519 AAAAhost', sshPublicKey: 'ssh-ed25519 AAAAkey' },
  };
  const chain = {
    chain: { genesisHash: `0x${'11'.repeat(32)}` },
    now: async () => at.chainTime,
    lease: async () => lease,
    resource: async () => ({ peerId: 'provider' }),
    gateways: async () => [{ peerId: 'gateway', multiaddrs: [] }],
  } as unknown as ChainClient;
  const unlock = async () => {
    if (at.isLocked) throw new CliError('KEY_LOCKED', 'The key was let go of.', EXIT.failure);
    return pair;
  };
  const context: Context = {
    ...fakeContext({ home, account: pair.address }),
    chain: async () => {
      if (at.isAway) throw new ChainUnreachable('No node answers at ws://here.');
      return chain;
    },
    account: async () => ({ address: pair.address, unlock, lock: () => undefined }),
  };
  const grantAt = async (chainTime: number, { isLocked = false } = {}) => {
    Object.assign(at, { chainTime, isLocked });
    return (await openSession(context, 7)).grant;
  };
  return { grantAt, context, leave: () => void (at.isAway = true) };
}

it.each([
  ['that stood still for days', -3 * 24 * HOUR],
  ['that is far ahead of this clock', 3 * 24 * HOUR],
])('a grant holds by the time of a chain %s', async (_, ahead) => {
  const { grantAt } = await renter();
  const chainTime = Date.now() + ahead;
  const { notAfter } = await grantAt(chainTime);
  expect(notAfter).toBe(chainTime + GRANT);
  expect(notAfter - chainTime).toBeLessThan(MAX_GRANT_MS);
});

it('a grant is signed anew when half of it is over by that time, or when it was signed by a later one', async () => {
  const { grantAt } = await renter();
  const start = Date.now() - 30 * 24 * HOUR;
  const first = await grantAt(start);
  expect(await grantAt(start + 9 * HOUR)).toEqual(first);
  const second = await grantAt(start + 11 * HOUR);
  expect(second.notAfter).toBe(start + 11 * HOUR + GRANT);
  // As of a client whose clock was fast.
  expect((await grantAt(start)).notAfter).toBe(start + GRANT);
});

it('a daemon that let go of the key uses its grant while it lasts by that time', async () => {
  const { grantAt } = await renter();
  const start = Date.now() - 30 * 24 * HOUR;
  const grant = await grantAt(start);
  expect(await grantAt(start + 19 * HOUR, { isLocked: true })).toEqual(grant);
  await expect(grantAt(start + 20 * HOUR, { isLocked: true })).rejects.toMatchObject({ code: 'KEY_LOCKED' });
});

it.each([
  ['a minute later', 61_000],
  ['set a day ahead', 24 * HOUR],
  ['set a day back', -24 * HOUR],
])('what the chain said counts as recent no more when this clock is %s', async (_, ms) => {
  const { grantAt, context } = await renter();
  await grantAt(Date.now());
  expect(await recentSession(context, 7)).toBeDefined();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  expect(await recentSession(context, 7)).toBeUndefined();
});

it('while the chain is away, whatever this clock says, the provider judges the grant of last time', async () => {
  const { grantAt, context, leave } = await renter();
  const { notAfter } = await grantAt(Date.now());
  leave();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 24 * HOUR });
  expect(await bySession(context, 7, async ({ grant }) => grant.notAfter)).toBe(notAfter);
  const refused = () => Promise.reject(new PeerError('GRANT_EXPIRED', 'This access grant ended'));
  await expect(bySession(context, 7, refused)).rejects.toMatchObject({
    code: 'CHAIN_NEEDED',
    exitCode: EXIT.chain,
    message:
      'This access grant ended. To sign a new one, the chain must be asked. No node answers at ws://here.',
  });
  const silent = () => Promise.reject(new PeerError('NO_ROUTE', 'nobody there'));
  await expect(bySession(context, 7, silent)).rejects.toMatchObject({ code: 'NO_ROUTE' });
});
