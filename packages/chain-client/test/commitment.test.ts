import { describe, expect, it } from 'vitest';
import { commitmentOf } from '../src/index.ts';
import { ALICE } from './support/registry.ts';

describe('a commitment to a vote', () => {
  it('is the hash that the chain’s rules make of the same vote', () => {
    const observed = { reachable: true, cpuCores: 2, memoryMib: 2048, diskGib: 10 };
    const vote = {
      dispute: 7,
      verdict: 'ClaimUnfounded' as const,
      observed,
      salt: new Uint8Array(32).fill(5),
    };
    expect(Buffer.from(commitmentOf(ALICE, vote)).toString('hex')).toBe(
      'b3d06b8e4251067a2f408c43bf8341eb39fa81d593e54ba257afea40fca83ad1',
    );
  });
});
