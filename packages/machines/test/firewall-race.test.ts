import { LibvirtError } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { describe, expect, it, vi } from 'vitest';
import { besideOtherFirewalls } from '../src/libvirt/firewall-race.ts';

/** As libvirt 9 says it on Debian 12, when `ebtables -t nat -N X; ebtables -t nat -X X` runs beside it: a dozen times in a row where that never stops. */
const RACE = new LibvirtError(
  "operation failed: failed to add new filter rules to 'vnet28' - attempting to restore old rules",
  { code: 9, domain: 10, level: 2 },
);

const libvirt = { filters: { bindings: () => Promise.resolve([]) } } as unknown as Libvirt;

describe('a filter that is set up while others change rules', () => {
  it('is set up again', async () => {
    const action = vi.fn().mockRejectedValueOnce(RACE).mockResolvedValue('up');
    expect(await besideOtherFirewalls(libvirt, action)).toBe('up');
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('is given up when it fails for another reason, or whoever waits does not any more', async () => {
    const other = new LibvirtError('no such domain', { code: 42, domain: 10, level: 2 });
    const action = vi.fn().mockRejectedValue(other);
    await expect(besideOtherFirewalls(libvirt, action)).rejects.toBe(other);
    expect(action).toHaveBeenCalledTimes(1);
    const raced = vi.fn().mockRejectedValue(RACE);
    await expect(besideOtherFirewalls(libvirt, raced, AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(raced).toHaveBeenCalledTimes(1);
  });

  it('is not tried for ever', async () => {
    const action = vi.fn().mockRejectedValue(RACE);
    await expect(besideOtherFirewalls(libvirt, action, undefined, 1)).rejects.toBe(RACE);
    expect(action.mock.calls.length).toBeGreaterThan(12);
  });
});
