import { resolveConfig } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { describe, expect, it } from 'vitest';
import { config } from '../src/config.ts';
import { offeringOf, type Moment } from '../src/offering.ts';

const HOST = { cpuCores: 4, memoryMib: 8_192, diskGib: 100 };
const offer = { cores: 2, memory: 4_096, disk: 80 };
const CAPACITY = { cpuCores: 2, memoryMib: 4_096, diskGib: 80 };
const LISTED: NonNullable<Moment['listed']> = {
  capacity: { ...CAPACITY, gpus: 0 },
  images: ['tiny', 'old'],
  virtualization: 'Kvm',
  cpuModel: 'cpu',
};

function offered(
  diskGib: number,
  listed: Moment['listed'],
  warnings: string[] = [],
  images: object = {},
  host: object = {},
) {
  const driver = {
    capacity: () => Promise.resolve({ ...HOST, diskGib, virtualization: 'Kvm', cpuModel: 'cpu' }),
    images: () => Promise.resolve([{ name: 'tiny' }]),
    ...host,
  } as unknown as MachineDriver;
  const settings = resolveConfig(config, { file: { path: 'c.json', content: { offer, ...images } } });
  const log = { warn: (_fields: object, line: string) => warnings.push(line) } as unknown as Moment['log'];
  return offeringOf(settings, driver, { peerId: 'peer', chainTime: 0, words: {}, listed, log });
}

describe('what is offered', () => {
  it('is what the settings say', async () => {
    expect((await offered(100, undefined)).capacity).toEqual(CAPACITY);
  });

  it('is refused where the host has not so much, so that a newcomer promises nothing false', async () => {
    await expect(offered(10, undefined)).rejects.toMatchObject({ code: 'OFFER_TOO_LARGE' });
  });

  it('stays as it stands where the disk filled up since: the leases that run need their daemon', async () => {
    const warnings: string[] = [];
    expect((await offered(0, LISTED, warnings)).capacity).toMatchObject(CAPACITY);
    expect(warnings).toEqual(['the offer stays as it stands in the market']);
  });

  it('are the images that are here, of those that the settings name', async () => {
    expect((await offered(100, LISTED, [], { images: ['gone', 'tiny'] })).images).toEqual(['tiny']);
  });

  it('stays with the images of before where none is here any more, which the market asks for', async () => {
    expect((await offered(100, LISTED, [], { images: ['gone'] })).images).toEqual(LISTED.images);
    const newcomer = offered(100, undefined, [], { images: ['gone'] });
    await expect(newcomer).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });

  it('stays with the images of before where one that is damaged keeps all from being read', async () => {
    const damaged = { images: () => Promise.reject(new Error('image.json is no JSON')) };
    const warnings: string[] = [];
    expect((await offered(100, LISTED, warnings, {}, damaged)).images).toEqual(LISTED.images);
    expect(warnings).toEqual(['no image can be offered; those in the market stay']);
    await expect(offered(100, undefined, [], {}, damaged)).rejects.toThrow('no JSON');
  });

  it('stays where the host cannot even be asked, as with libvirt away or a disk that is read-only', async () => {
    const unasked = { capacity: () => Promise.reject(new Error('read-only')) };
    const warnings: string[] = [];
    const { capacity, virtualization } = await offered(0, LISTED, warnings, {}, unasked);
    expect({ capacity, virtualization }).toEqual({ capacity: LISTED.capacity, virtualization: 'Kvm' });
    expect(warnings).toContain('the host does not tell what it has; the offer stays as it stands');
    await expect(offered(0, undefined, [], {}, unasked)).rejects.toThrow('read-only');
  });
});
