import { badOrigin, definePallet, Digest, DigestItem, palletStorage, ROOT, signedBy } from '@hamster/frame';
import { assertHealthy, assertNoop, mockChain } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import {
  aura,
  BlockDigest,
  depositLog,
  grandpa,
  type SessionHandler,
  authoritiesPallet,
} from '../../src/index.ts';
import { errors } from '../../src/authorities/errors.ts';
import { CurrentIndex, QueuedKeys } from '../../src/authorities/storage.ts';
import { account, ALICE } from '../market/fixtures.ts';

const keysOf = (byte: number) => ({ aura: account(byte), grandpa: account(byte ^ 0xff) });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const { changeAuthorities } = aura.auraServices({ depositLog });
const { scheduleChange } = grandpa.grandpaServices({ depositLog });
const handlers: readonly SessionHandler[] = [
  (ctx, authorities) =>
    changeAuthorities(
      ctx,
      authorities.map((keys) => keys.aura),
    ),
  (ctx, authorities) =>
    scheduleChange(
      ctx,
      authorities.map((keys) => [keys.grandpa, 1n]),
    ),
];

const { value } = palletStorage('System');
/** Where the digest is; the rest of a block's books is not needed here. */
const books = definePallet({ name: 'System', index: 0, storage: [value('Digest', { type: Digest })] });

function scene() {
  const session = authoritiesPallet({ handlers });
  const chain = mockChain({
    pallets: () => [
      books,
      aura.auraPallet({ slotDuration: 1000n, digest: () => [] }),
      grandpa.grandpaPallet(),
      session,
    ],
    genesis: {
      aura: { authorities: [`0x${hex(account(1))}`] },
      grandpa: { authorities: [[`0x${hex(account(0xfe))}`, 1]] },
    },
  });
  const { schedule_change } = session.calls;
  return {
    chain,
    schedule: (...bytes: number[]) => chain.run(ROOT, schedule_change, { authorities: bytes.map(keysOf) }),
    scheduleAs: (who: Uint8Array) => chain.run(signedBy(who), schedule_change, { authorities: [keysOf(2)] }),
    logs: () => BlockDigest.get(chain.ctx).logs,
  };
}

describe('a change of the authorities', () => {
  it('takes effect with the next block, whose header tells of it as Substrate’s do', () => {
    const { chain, schedule, logs } = scene();
    expect(schedule(2, 3).ok).toBe(true);
    expect(aura.Authorities.get(chain.ctx)).toEqual([account(1)]);
    expect(logs()).toEqual([]);
    chain.advance(1_000n);
    expect(aura.Authorities.get(chain.ctx)).toEqual([account(2), account(3)]);
    expect(grandpa.Authorities.get(chain.ctx)).toEqual([
      [account(0xfd), 1n],
      [account(0xfc), 1n],
    ]);
    expect([grandpa.CurrentSetId.get(chain.ctx), CurrentIndex.get(chain.ctx)]).toEqual([1n, 1]);
    expect(logs().map((item) => hex(DigestItem.encode(item)))).toEqual([
      // Consensus, the engine, a length of 66 and of 86 bytes, and the log itself.
      `04${'61757261'}0901${'0108'}${'02'.repeat(32)}${'03'.repeat(32)}`,
      `04${'46524e4b'}5901${'0108'}${'fd'.repeat(32)}0100000000000000${'fc'.repeat(32)}0100000000000000${'00000000'}`,
    ]);
    expect(chain.events().map(([pallet, event]) => `${pallet}.${event}`)).toEqual([
      'Grandpa.NewAuthorities',
      'Authorities.NewSession',
    ]);
  });

  it('happens once, and another may follow', () => {
    const { chain, schedule, logs } = scene();
    schedule(2);
    chain.advance(1_000n);
    chain.advance(1_000n);
    expect(logs()).toHaveLength(2);
    expect(QueuedKeys.exists(chain.ctx)).toBe(false);
    expect(schedule(3).ok).toBe(true);
    chain.advance(1_000n);
    expect([grandpa.CurrentSetId.get(chain.ctx), CurrentIndex.get(chain.ctx)]).toEqual([2n, 2]);
  });

  it('is up to root, one at a time, to somebody, and gives each its own keys', () => {
    const { chain, schedule, scheduleAs } = scene();
    assertNoop(chain, () => scheduleAs(ALICE), badOrigin);
    assertNoop(chain, () => schedule(), errors.NoAuthorities);
    assertNoop(chain, () => schedule(2, 3, 2), errors.DuplicatedKey);
    schedule(2);
    assertNoop(chain, () => schedule(3), errors.ChangePending);
    assertHealthy(chain);
  });
});
