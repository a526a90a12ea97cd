import { describe, expect, it } from 'vitest';
import { checkedAddress } from '../src/codec/address.ts';
import { amount, arm, count, plain, text } from '../src/codec/readers.ts';
import { orderFields } from '../src/model/resource-order.ts';
import { resourceFields } from '../src/model/provider.ts';
import { ALICE, onChain } from './support/registry.ts';

const spec = { cpuCores: 2, memoryMib: 2048, diskGib: 20 };

describe('what the chain stores', () => {
  it('lesson 23: is read with money as bigint, times as numbers and text as text', () => {
    const prices = { cpuCoreHour: 2n ** 100n, memoryGibHour: 1n, diskGibHour: 0n };
    const resource = resourceFields(
      onChain('Resource', {
        owner: ALICE,
        peerId: '12D3KooW',
        capacity: { ...spec, gpus: 0 },
        prices,
        availableUntil: 1_790_000_000_000,
        images: ['debian-13', 'ubuntu-26.04'],
        virtualization: 'Container',
        cpuModel: 'Zürich ☺',
        status: 'Draining',
        maintenance: { from: 5, to: 6 },
        statistics: { lastFault: 7 },
      }),
    );
    expect(resource).toMatchObject({
      owner: ALICE,
      peerId: '12D3KooW',
      capacity: { ...spec, gpus: 0 },
      prices,
      availableUntil: 1_790_000_000_000,
      images: ['debian-13', 'ubuntu-26.04'],
      virtualization: 'Container',
      cpuModel: 'Zürich ☺',
      status: 'Draining',
      maintenance: { from: 5, to: 6 },
      statistics: { lastFault: 7, faults: 0 },
    });
  });

  it('says why an order was rejected, and only then', () => {
    const order = { renter: ALICE, provider: ALICE, resource: 3, spec, hours: 4, escrow: 5n };
    expect(
      orderFields(onChain('Order', { ...order, status: { Rejected: { reason: 'no such image' } } })),
    ).toMatchObject({
      status: 'Rejected',
      rejection: 'no such image',
      resource: 3,
      escrow: 5n,
    });
    const pending = orderFields(onChain('Order', { ...order, status: 'Pending' }));
    expect(pending).toMatchObject({ status: 'Pending', rejection: undefined });
  });

  it('is refused rather than rounded or guessed', () => {
    expect(() => count(onChain('u64', 2n ** 60n))).toThrow('a number below 2^53');
    expect(() => amount(onChain('Bytes', 'x'))).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED_SHAPE', fault: 'bug' }),
    );
    expect(() => arm('Online')(onChain('ResourceStatus', 'Draining'))).toThrow('one of Online');
    expect(() => text(onChain('u32', 1))).toThrow('expects bytes');
  });

  it('is read without a reader by its own types', () => {
    expect(
      plain(onChain('(u128, u64, u32, Option<u8>, Bytes, ResourceStatus)', [5, 6, 7, null, 'ab', 'Online'])),
    ).toEqual([5n, 6, 7, undefined, '0x6162', 'Online']);
  });
});

describe('an address', () => {
  it('names an account, or is refused with a sentence', () => {
    expect(checkedAddress(ALICE)).toBe(ALICE);
    for (const nonsense of ['nonsense', '', '0x', `${ALICE.slice(0, -1)}1`, '0x1234']) {
      const refusal = { code: 'ADDRESS_INVALID', message: `"${nonsense}" is no address of an account.` };
      expect(() => checkedAddress(nonsense)).toThrow(expect.objectContaining(refusal));
    }
  });
});
