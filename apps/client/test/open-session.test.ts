import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainClient } from '@hamster/chain-client';
import { devAccount } from '@hamster/daemon';
import { MAX_GRANT_MS } from '@hamster/p2p';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSession } from '../src/access/open-session.ts';
import { CliError, EXIT } from '../src/cli/errors.ts';
import type { Context } from '../src/cli/context.ts';
import { fakeContext } from './support/context.ts';

const HOUR = 3_600_000;
const GRANT = 20 * HOUR;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-session-'));
});
afterEach(() => rm(home, { recursive: true }));

/** Alice's lease 7 on a chain whose time is what the test says. */
async function renter() {
  const pair = await devAccount('alice');
  const at = { chainTime: 0, isLocked: false };
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
    chain: async () => chain,
    account: async () => ({ address: pair.address, unlock, lock: () => undefined }),
  };
  const grantAt = async (chainTime: number, { isLocked = false } = {}) => {
    Object.assign(at, { chainTime, isLocked });
    return (await openSession(context, 7)).grant;
  };
  return { grantAt };
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
