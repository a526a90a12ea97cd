import { LibvirtError } from '@hamster/libvirt';
import type { BindingRef, DomainRef, Libvirt } from '@hamster/libvirt';
import { describe, expect, it, vi } from 'vitest';
import { FILTER_NAME } from '../src/libvirt/filter-xml.ts';
import { besideOtherFirewalls } from '../src/libvirt/firewall-race.ts';

/** As libvirt 9 says it on Debian 12, when `ebtables -t nat -N X; ebtables -t nat -X X` runs beside it: a dozen times in a row where that never stops. */
const RACE = new LibvirtError(
  "operation failed: failed to add new filter rules to 'vnet28' - attempting to restore old rules",
  { code: 9, domain: 10, level: 2 },
);

/** A link as a running machine has it, before and after it is put behind its filter. */
const linkOf = (device: string, filter = ''): string =>
  `<interface type='network'><target dev='${device}'/>${filter}</interface>`;
const noDomain = new LibvirtError('no such domain', { code: 42, domain: 10, level: 2 });

/** A libvirt with one binding of our filter for each device; `owners` are the definitions of those machines that run. */
function withBindings(owners: Record<string, string | undefined>): { libvirt: Libvirt; deleted: string[] } {
  const deleted: string[] = [];
  const devices = Object.keys(owners);
  const uuidOf = (device: string): string => `00000000-0000-4000-8000-00000000000${devices.indexOf(device)}`;
  const fake = {
    filters: {
      bindings: async () => devices.map((portDevice) => ({ portDevice, filter: FILTER_NAME })),
      bindingXml: async ({ portDevice }: BindingRef) => `<owner><uuid>${uuidOf(portDevice)}</uuid></owner>`,
      deleteBinding: async ({ portDevice }: BindingRef) => void deleted.push(portDevice),
    },
    domains: {
      lookupByUuid: async (uuid: string) => {
        const name = devices.find((device) => uuidOf(device) === uuid) ?? '';
        if (owners[name] === undefined) throw noDomain;
        return { name, uuid, id: 1 };
      },
      xml: async ({ name }: DomainRef) => owners[name],
    },
  };
  return { libvirt: fake as unknown as Libvirt, deleted };
}

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

  it('takes away what was left in its way, but not the filter of a machine that is put behind it meanwhile', async () => {
    const { libvirt: busy, deleted } = withBindings({
      vnet2: undefined,
      vnet3: linkOf('vnet3'),
      vnet4: linkOf('vnet4', "<filterref filter='any'/>"),
      vnet28: linkOf('vnet28'),
    });
    const action = vi.fn().mockRejectedValueOnce(RACE).mockResolvedValue('up');
    expect(await besideOtherFirewalls(busy, action, undefined, 1)).toBe('up');
    expect(deleted).toEqual(['vnet2', 'vnet28']);
  });
});
