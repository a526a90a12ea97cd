import { describe, expect, it } from 'vitest';
import { hostNameOf } from '../src/names.ts';

describe('what a machine calls itself', () => {
  it.each([
    ['7', 'hamster-7'],
    ['A-b', 'hamster-a-b'],
    ['x--', 'hamster-x'],
    ['z'.repeat(40), `hamster-${'z'.repeat(40)}`],
  ])('for lease %s is a host name', (leaseId, name) => {
    expect(hostNameOf(leaseId)).toBe(name);
    expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/);
  });
});
