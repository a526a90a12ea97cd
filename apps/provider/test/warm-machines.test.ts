import { createDockerDriver, type MachineDriver, type WarmWish } from '@hamster/machines';
import { describe, expect, it } from 'vitest';
import { keepWarm, WARM_PATTERN, warmWishes } from '../src/warm-machines.ts';
import { FakeDriver, quietLog } from './fakes.ts';

const image = { name: 'tiny', version: '1', loginUser: 'root', minMemoryMib: 1, minDiskGib: 3 };

const isFit = () => true;

function warmDriver(prepare: (wishes: readonly WarmWish[]) => void = () => undefined): MachineDriver {
  const driver: MachineDriver = new FakeDriver();
  return Object.assign(driver, {
    images: () => Promise.resolve([image]),
    prepare: (wishes: readonly WarmWish[]) => Promise.resolve(prepare(wishes)),
  });
}

describe('machines booted ahead', () => {
  it('are read from the setting, with the smallest disk of their image', async () => {
    expect('tiny:2:512:3').toMatch(new RegExp(WARM_PATTERN));
    for (const text of ['tiny', 'tiny:0:512:1', 'tiny:1:512:0', 'a b:1:1:1'])
      expect(text).not.toMatch(new RegExp(WARM_PATTERN));
    const spec = { cpuCores: 2, memoryMib: 512, diskGib: 3 };
    expect(await warmWishes(['tiny:2:512:3'], warmDriver())).toEqual([{ image: 'tiny', spec, count: 3 }]);
  });

  it('are refused for images and drivers that cannot', async () => {
    const unknown = warmWishes(['other:1:1:1'], warmDriver());
    await expect(unknown).rejects.toMatchObject({ code: 'WARM_IMAGE_UNKNOWN' });
    await expect(warmWishes(['tiny:1:1:1'], new FakeDriver())).rejects.toMatchObject({
      code: 'WARM_UNSUPPORTED',
    });
    const docker = createDockerDriver({ chain: `0x${'00'.repeat(32)}` });
    await expect(warmWishes(['container-tiny:1:256:1'], docker)).rejects.toMatchObject({
      code: 'WARM_UNSUPPORTED',
      message: expect.stringMatching(/docker driver boots no machines ahead.*within a second.*Leave --warm/),
    });
    await docker.close();
  });

  it('are looked after again and again until the daemon stops', async () => {
    const stop = new AbortController();
    const prepared: (readonly WarmWish[])[] = [];
    const driver = warmDriver((wishes) => {
      if (prepared.push(wishes) === 3) stop.abort();
    });
    const wishes = ['tiny:1:512:1'];
    const wanted = await warmWishes(wishes, driver);
    await keepWarm({ driver, wishes, isFit, log: quietLog(), intervalMs: 0 }, stop.signal);
    expect(prepared).toEqual([wanted, wanted, wanted]);
  });

  it('are there again once a host that was not fit is, or an image that was gone is back', async () => {
    const stop = new AbortController();
    const prepared: number[] = [];
    const images = [[], [], [image], [image]];
    let looks = 0;
    const driver = Object.assign(
      warmDriver((wishes) => {
        if (prepared.push(wishes.length) === 3) stop.abort();
      }),
      { images: () => Promise.resolve(images[looks - 1] ?? []) },
    );
    const modules = { driver, wishes: ['tiny:1:512:1'], log: quietLog(), intervalMs: 0 };
    await keepWarm({ ...modules, isFit: () => (looks += 1) > 1 }, stop.signal);
    // Not fit, so none; then without the image, so nothing is touched; then two looks at a host that has all.
    expect(prepared).toEqual([0, 1, 1]);
  });

  it('are removed once when none is wished any more', async () => {
    const prepared: (readonly WarmWish[])[] = [];
    const driver = warmDriver((wishes) => void prepared.push(wishes));
    const { signal } = new AbortController();
    await keepWarm({ driver, wishes: [], isFit, log: quietLog() }, signal);
    expect(prepared).toEqual([[]]);
    await keepWarm({ driver: new FakeDriver(), wishes: [], isFit, log: quietLog() }, signal);
  });
});
