import { EventCount, MemoryState, storagePrefix, weightOf } from '@hamster/frame';
import { compact, u32, u8 } from '@hamster/scale';
import { expect, it } from 'vitest';
import {
  BlockHash,
  BlockWeight,
  closeBlock,
  InherentsApplied,
  noteExtrinsic,
  openBlock,
} from '../../src/index.ts';

it('a block is closed with more events than a call takes arguments', () => {
  const count = 200_000;
  const at = { state: new MemoryState() };
  openBlock(at, { number: 1, parentHash: new Uint8Array(32), digest: [] });
  for (let event = 0; event < count; event++) at.state.note(u8, event & 255);
  closeBlock(at);
  const stored = at.state.get(storagePrefix('System', 'Events')) ?? new Uint8Array();
  const number = compact(u32).encode(count);
  expect(EventCount.get(at)).toBe(count);
  expect(stored.subarray(0, number.length)).toEqual(number);
  expect(stored.length).toBe(number.length + count);
  expect(stored.at(-1)).toBe((count - 1) & 255);
});

it('a closed block leaves its weight, and nothing that only its making needed', () => {
  const at = { state: new MemoryState() };
  openBlock(at, { number: 1, parentHash: new Uint8Array(32), digest: [] });
  InherentsApplied.put(at, true);
  const info = { weight: weightOf(7), class: { type: 'Normal' }, pays_fee: { type: 'Yes' } } as const;
  noteExtrinsic(at, info, 120);
  closeBlock(at);
  expect(BlockWeight.get(at).normal).toEqual(weightOf(7));
  for (const name of ['AllExtrinsicsLen', 'ExecutionPhase', 'ExtrinsicCount', 'InherentsApplied'])
    expect(at.state.get(storagePrefix('System', name))).toBeUndefined();
});

it('the hash of a block is there until 4097 later ones are closed, so that the last of them still knows it', () => {
  const at = { state: new MemoryState() };
  const make = (number: number): void => {
    openBlock(at, { number, parentHash: new Uint8Array(32).fill(number), digest: [] });
    expect(BlockHash.has(at, Math.max(number - 4097, 0))).toBe(true);
    closeBlock(at);
  };
  for (let number = 1; number <= 4100; number += 1) make(number);
  expect([0, 1, 2, 3, 4].map((number) => BlockHash.has(at, number))).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});
