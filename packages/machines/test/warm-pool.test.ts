import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../src/index.ts';
import type { KernelImage } from '../src/index.ts';
import { CLAIM_REVISION } from '../src/images/entry.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { claimable, fitsBeside, surplus } from '../src/libvirt/warm/match.ts';
import type { Member } from '../src/libvirt/warm/match.ts';
import { isUnclaimed, isWarmKey, newWarmKey } from '../src/libvirt/warm/warm-key.ts';
import { checkLeaseId } from '../src/order.ts';

const file = { name: 'f', sha256: '' };
const image: KernelImage = {
  name: 'tiny',
  version: '2',
  recipe: 'kernel',
  kernel: file,
  initrd: file,
  commandLine: '',
  claimRevision: CLAIM_REVISION,
  loginUser: 'root',
  minMemoryMib: 1,
  minDiskGib: 1,
};
const spec: MachineSpec = { cpuCores: 1, memoryMib: 256, diskGib: 1 };

type Change = {
  held?: boolean;
  phase?: 'building' | 'ready';
  version?: string;
  claimRevision?: number;
  spec?: Partial<MachineSpec>;
};

function member(change: Change = {}): Member {
  const {
    held = true,
    phase = 'ready',
    version = '2',
    claimRevision = CLAIM_REVISION,
    spec: other = {},
  } = change;
  const leaseId = newWarmKey();
  const now = { spec: { ...spec, ...other }, sshPublicKeys: [], image: { ...image, version, claimRevision } };
  const order = { leaseId, spec: now.spec, image: 'tiny', sshPublicKeys: [] };
  return {
    names: machineNames('chain', leaseId, '/state'),
    domain: { name: leaseId, uuid: '', id: 1 },
    metadata: { order, now, phase, wanted: 'running', gateway: '', address: '' },
    held,
  };
}

describe('a machine that was booted ahead', () => {
  it('has a name that no lease can have', () => {
    const key = newWarmKey();
    expect(newWarmKey()).not.toBe(key);
    expect(isWarmKey(key)).toBe(true);
    expect(() => checkLeaseId(key)).toThrow(/lease id/);
    expect(isUnclaimed({ leaseId: '7', spec, image: 'tiny', sshPublicKeys: [] })).toBe(false);
  });

  it('serves an order of its CPUs and memory, and of at least its disk', () => {
    const one = member();
    expect(claimable([one], image, spec)).toEqual([one]);
    expect(claimable([one], image, { ...spec, diskGib: 5 })).toEqual([one]);
    expect(claimable([member({ spec: { diskGib: 2 } })], image, spec)).toEqual([]);
    for (const field of ['cpuCores', 'memoryMib'] as const)
      expect(claimable([one], image, { ...spec, [field]: spec[field] + 1 })).toEqual([]);
  });

  it.each<[string, Change]>([
    ['went on without an order', { held: false }],
    ['did not come to rest', { phase: 'building' }],
    ['is of an older version of its image', { version: '1' }],
    ['is told whose it is in another way', { claimRevision: CLAIM_REVISION - 1 }],
  ])('is never given away and thrown away when it %s', (_, change) => {
    const one = member(change);
    expect(claimable([one], image, spec)).toEqual([]);
    expect(surplus([one], [{ wish: { image: 'tiny', spec, count: 1 }, image }])).toEqual([one]);
  });

  it('is thrown away when there are more than wished, or none is wished', () => {
    const two = [member(), member()];
    expect(surplus(two, [{ wish: { image: 'tiny', spec, count: 1 }, image }])).toEqual(two.slice(1));
    expect(surplus(two, [{ wish: { image: 'tiny', spec, count: 2 }, image }])).toEqual([]);
    expect(surplus(two, [])).toEqual(two);
  });

  it('counts with its memory and its disk, and not with its CPUs', () => {
    const offered = { cpuCores: 1, memoryMib: 512, diskGib: 3 };
    expect(fitsBeside(spec, [spec], offered)).toBe(true);
    expect(fitsBeside(spec, [spec, spec], offered)).toBe(false);
    expect(fitsBeside({ ...spec, diskGib: 3 }, [spec], offered)).toBe(false);
  });
});
