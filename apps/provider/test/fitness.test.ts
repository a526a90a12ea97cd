import { createLogger, resolveConfig } from '@hamster/daemon';
import type { SelfTestReport } from '@hamster/machines';
import { describe, expect, it } from 'vitest';
import { config } from '../src/config.ts';
import { beginFit } from '../src/fitness/begin.ts';
import { FitnessWatch } from '../src/fitness/fitness-watch.ts';
import { SelfTests } from '../src/self-tests.ts';
import { FakeDriver, quietPulse, SPEC } from './fakes.ts';

const image = (name: string) => ({ name, version: '1', loginUser: 'root', minMemoryMib: 1, minDiskGib: 1 });
const BROKEN: SelfTestReport = {
  passed: false,
  checks: [{ name: 'libvirt', passed: false, level: 'required', detail: 'libvirtd does not answer' }],
};
const WHOLE: SelfTestReport = { passed: true, checks: [] };

class Host {
  readonly driver = new FakeDriver();
  readonly pulse = quietPulse();
  readonly lines: string[] = [];
  report = WHOLE;
  images = ['tiny'];
  virtualization = 'Kvm';
  leases = 0;

  readonly log = createLogger({
    ...{ name: 't', level: 'trace', json: true, colour: false },
    output: { write: () => true },
    onLine: (line) => this.lines.push(line),
  });

  watch(settings: object = {}): FitnessWatch {
    Object.assign(this.driver, {
      selfTest: () => Promise.resolve(this.report),
      images: () => Promise.resolve(this.images.map(image)),
      capacity: () => Promise.resolve({ ...SPEC, virtualization: this.virtualization, cpuModel: 'cpu' }),
    });
    const { driver, pulse, log } = this;
    const selfTests = new SelfTests({ driver, now: () => 0, onResult: () => undefined });
    const content = settings;
    return new FitnessWatch({
      ...{ driver, pulse, log, selfTests, everyMs: 0 },
      settings: resolveConfig(config, { file: { path: 'c.json', content } }),
    });
  }

  begin(watch: FitnessWatch, warm: string[] = []) {
    const { driver, log } = this;
    const hasLeases = () => Promise.resolve(this.leases > 0);
    return beginFit({ watch, driver, warm, hasLeases, log }, AbortSignal.timeout(10_000));
  }
}

const amiss: [string, string, (host: Host) => object, string[]][] = [
  ['a self-test that fails', 'HOST_UNFIT', (host) => ((host.report = BROKEN), {}), []],
  ['KVM that is gone', 'EMULATION_REFUSED', (host) => ((host.virtualization = 'Emulated'), {}), []],
  ['no image at all', 'IMAGE_MISSING', (host) => ((host.images = []), {}), []],
  ['an image that is missing', 'IMAGE_MISSING', () => ({ images: ['tiny', 'gone'] }), []],
  ['an image to boot ahead that is missing', 'WARM_UNSUPPORTED', () => ({}), ['gone:1:256:1']],
];

describe('a host that is not fit', () => {
  it.each(amiss)('is not brought to the market by a newcomer: %s', async (_, code, spoil, warm) => {
    const host = new Host();
    const watch = host.watch(spoil(host));
    await expect(host.begin(watch, warm)).rejects.toMatchObject({ code });
  });

  it.each(amiss)('serves the leases that run on it: %s', async (_, _code, spoil, warm) => {
    const host = new Host();
    const watch = host.watch(spoil(host));
    host.leases = 1;
    await host.begin(watch, warm);
    expect(host.lines.join()).toContain('the leases that run on it are served');
  });

  it('tells status and doctor what keeps all orders away, and what only some', async () => {
    const host = new Host();
    host.report = BROKEN;
    const watch = host.watch({ images: ['tiny', 'gone'] });
    await watch.look(AbortSignal.timeout(10_000));
    expect(host.pulse.state().hindrances).toEqual([
      { stops: true, detail: 'This host cannot serve: libvirtd does not answer' },
      { stops: false, detail: expect.stringContaining('There is no image gone here') },
    ]);
    expect(watch.obstacle).toMatchObject({ code: 'HOST_UNFIT' });
    host.report = WHOLE;
    await watch.look(AbortSignal.timeout(10_000));
    expect(watch.obstacle).toBeUndefined();
    expect(host.pulse.state().hindrances).toMatchObject([{ stops: false }]);
  });

  it('counts as unfit where the self-test cannot even be run', async () => {
    const host = new Host();
    const watch = host.watch();
    host.driver.selfTest = () => Promise.reject(new Error('no socket'));
    await watch.look(AbortSignal.timeout(10_000));
    expect(watch.obstacle?.message).toContain('no socket');
  });

  it('is looked at again until it is fit, and the market told, however often that fails', async () => {
    const host = new Host();
    host.report = BROKEN;
    const watch = host.watch();
    await watch.look(AbortSignal.timeout(10_000));
    host.report = WHOLE;
    const told: unknown[] = [];
    await watch.untilFit(() => {
      told.push(watch.obstacle);
      return told.length < 3 ? Promise.reject(new Error('the node is away')) : Promise.resolve();
    }, AbortSignal.timeout(10_000));
    expect(told).toEqual([undefined, undefined, undefined]);
  });

  it('is told of once, not at every look', async () => {
    const host = new Host();
    host.report = BROKEN;
    const watch = host.watch();
    for (let look = 0; look < 3; look += 1) await watch.look(AbortSignal.timeout(10_000));
    expect(host.lines.filter((line) => line.includes('libvirtd does not answer'))).toHaveLength(1);
  });

  it('is nothing that is looked at again once all is well', async () => {
    const watch = new Host().watch();
    await watch.look(AbortSignal.timeout(10_000));
    await watch.untilFit(() => expect.fail('nothing changed'), AbortSignal.timeout(10_000));
  });
});
