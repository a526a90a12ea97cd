import { describe, expect, test } from 'vitest';
import { grantText, PeerError, verifyGrant, type PeerErrorCode, type SignedGrant } from '../src/index.ts';
import { grantChecker } from '../src/grants/grant-checker.ts';
import { account, GENESIS, grantFor } from './support/accounts.ts';

const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const OTHER = '12D3KooWLJtG8fd2hkQzTn96MrLvThmnNQjTUFZwGEsLRz5EmSzc';
const now = Date.now();

function verify(grant: SignedGrant, change: { peer?: string; permission?: 'control' } = {}): void {
  verifyGrant(grant, { genesisHash: GENESIS, peer: PEER, permission: 'tunnel', now, ...change });
}

function expectCode(work: () => void, code: PeerErrorCode): void {
  expect(work).toThrow(expect.objectContaining({ name: 'PeerError', code }));
}

describe('a grant', () => {
  test('is a text that a person can read in a wallet', () => {
    const grant = {
      genesisHash: '0xAB',
      lease: 7n,
      peer: PEER,
      permissions: ['tunnel', 'control'],
      notAfter: 5,
    } as const;
    expect(grantText(grant)).toBe(
      `hamster access grant\ngenesis: 0xab\nlease: 7\npeer: ${PEER}\nallow: tunnel,control\nnot after: 5`,
    );
  });

  test.each([
    ['sr25519', true],
    ['sr25519', false],
    ['ed25519', true],
    ['ed25519', false],
    ['ecdsa', true],
    ['ecdsa', false],
  ] as const)('holds when signed with %s, wrapped in <Bytes>: %s', async (scheme, wrapped) => {
    verify(await grantFor(PEER, await account('//Alice', scheme, wrapped)));
  });

  test('holds with the signature of a wallet that puts the scheme in front', async () => {
    const grant = await grantFor(PEER, await account('//Alice'));
    verify({ ...grant, signature: Uint8Array.of(1, ...grant.signature) });
  });

  test('is worth nothing to another peer', async () => {
    const grant = await grantFor(PEER, await account('//Alice'));
    expectCode(() => verify(grant, { peer: OTHER }), 'GRANT_SIGNATURE');
  });

  test('cannot be changed by its holder', async () => {
    const grant = await grantFor(PEER, await account('//Alice'));
    const { account: bob } = await grantFor(PEER, await account('//Bob'));
    const changes: Partial<SignedGrant>[] = [
      { lease: 8n },
      { notAfter: grant.notAfter + 1 },
      { permissions: ['tunnel', 'control'] },
      { account: bob },
      { signature: new Uint8Array(64) },
    ];
    for (const change of changes) expectCode(() => verify({ ...grant, ...change }), 'GRANT_SIGNATURE');
  });

  test('is for one chain, one time and one purpose', async () => {
    const alice = await account('//Alice');
    const day = 24 * 60 * 60 * 1000;
    const otherChain = await grantFor(PEER, alice, { genesisHash: `0x${'22'.repeat(32)}` });
    const ended = await grantFor(PEER, alice, { notAfter: now });
    const endless = await grantFor(PEER, alice, { notAfter: now + day + 1 });
    expectCode(() => verify(otherChain), 'GRANT_WRONG_CHAIN');
    expectCode(() => verify(ended), 'GRANT_EXPIRED');
    expectCode(() => verify(endless), 'GRANT_TOO_LONG');
    const grant = await grantFor(PEER, alice, { notAfter: now + day });
    verify(grant);
    expectCode(() => verify(grant, { permission: 'control' }), 'GRANT_NOT_PERMITTED');
  });

  test('lasts while the chain stands still, by whose newest block it was signed', async () => {
    const day = 24 * 60 * 60 * 1000;
    const blockTime = now - 3 * day;
    const at = (notAfter: number) => grantFor(PEER, alice, { notAfter });
    const check = (grant: SignedGrant): void =>
      verifyGrant(grant, { genesisHash: GENESIS, peer: PEER, permission: 'tunnel', now, blockTime });
    const alice = await account('//Alice');
    check(await at(blockTime + day));
    // By a node that has seen later blocks than the provider's.
    check(await at(now + day));
    const ended = await at(blockTime);
    const endless = await at(now + day + 1);
    expectCode(() => check(ended), 'GRANT_EXPIRED');
    expectCode(() => check(endless), 'GRANT_TOO_LONG');
  });

  test('that has held once is not computed again, and nothing else passes for it', async () => {
    const check = grantChecker();
    const grant = await grantFor(PEER, await account('//Alice'));
    check(grant, PEER);
    const start = process.threadCpuUsage();
    for (let times = 0; times < 1000; times++) check(grant, PEER);
    // A thousand computed ones take a second at least, of this thread alone.
    const { user, system } = process.threadCpuUsage(start);
    expect(user + system).toBeLessThan(500_000);
    expectCode(() => check(grant, OTHER), 'GRANT_SIGNATURE');
    expectCode(() => check({ ...grant, lease: 8n }, PEER), 'GRANT_SIGNATURE');
    expectCode(() => check({ ...grant, signature: new Uint8Array(64) }, PEER), 'GRANT_SIGNATURE');
    check(grant, PEER);
  });
});

describe('grants that do not hold', () => {
  /** Who checks, and how often a signature was computed. */
  function counted() {
    const counts = { computed: 0, time: 0 };
    const check = grantChecker({
      now: () => counts.time,
      check(grant, peer) {
        counts.computed += 1;
        if (grant.signature[0] !== 1) throw new PeerError('GRANT_SIGNATURE', `not for ${peer}`);
      },
    });
    return { counts, check };
  }
  const signed = (first: number): SignedGrant => ({
    ...{ genesisHash: GENESIS, lease: 7n, permissions: ['tunnel'], notAfter: 1, account: new Uint8Array(32) },
    signature: new Uint8Array(64).fill(first),
  });

  test('are computed twice for one peer, and then again in a minute', () => {
    const { counts, check } = counted();
    for (let times = 0; times < 2; times++) expectCode(() => check(signed(0), PEER), 'GRANT_SIGNATURE');
    for (let times = 0; times < 1000; times++)
      expectCode(() => check(signed(times % 3 ? 0 : 1), PEER), 'TOO_MANY_STREAMS');
    expect(counts.computed).toBe(2);
    check(signed(1), OTHER);
    counts.time += 60_000;
    check(signed(1), PEER);
  });

  test('of any number of peers leave most of the time to others, and those in whose name they come are let in', () => {
    const { counts, check } = counted();
    check(signed(1), PEER);
    const flood = (): void => {
      for (let peer = 0; peer < 5000; peer++)
        expect(() => check(signed(0), `${counts.time} ${peer}`)).toThrow(PeerError);
    };
    flood();
    expect(counts.computed).toBe(50);
    for (let second = 0; second < 10; second++) {
      counts.time += 1000;
      flood();
      check(signed(1), PEER);
    }
    expect(counts.computed).toBe(100);
    counts.time += 60_000;
    check(signed(1), OTHER);
  });

  test('leave those that hold their places: all the renters of a provider come back at once', () => {
    const { counts, check } = counted();
    for (let renter = 0; renter < 200; renter++) check(signed(1), `renter ${renter}`);
    expect(counts.computed).toBe(200);
    // A renter who signs a new one for each stream is bounded, too.
    const greedy = (): void => {
      for (let peer = 0; peer < 1000; peer++) check(signed(1), `greedy ${peer}`);
    };
    expectCode(greedy, 'TOO_MANY_STREAMS');
    expect(counts.computed).toBeLessThan(300);
  });

  test('are no reproach to who sent none: each reads why his was not looked at', () => {
    const { check } = counted();
    for (let times = 0; times < 2; times++) expectCode(() => check(signed(0), PEER), 'GRANT_SIGNATURE');
    expect(() => check(signed(1), PEER)).toThrow(/this client.* did not hold.* try again in a minute/);
    for (let peer = 0; peer < 100; peer++) expect(() => check(signed(0), `${peer}`)).toThrow(PeerError);
    expect(() => check(signed(1), OTHER)).toThrow(/at the same time.* try again in a moment/);
  });
});
