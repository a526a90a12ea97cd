import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeKvm } from '../src/libvirt/kvm-probe.ts';
import type { KvmProbe } from '../src/libvirt/kvm-probe.ts';
import { describeWith } from '../src/testing/index.ts';
import { TestWorld, virtualMachineRequirements } from './libvirt-machine.ts';

const TIMEOUT_MS = 120_000;

describeWith(await virtualMachineRequirements(), 'the probe of KVM', () => {
  const world = new TestWorld();
  const probe: KvmProbe = {
    emulator: '/usr/bin/qemu-system-x86_64',
    kernel: undefined,
    accelerator: 'tcg',
    limits: { sectorMs: 50_000, kernelMs: 50_000 },
  };

  beforeAll(() => world.setUp(), TIMEOUT_MS);
  afterAll(() => world.tearDown());

  it('believes what runs a boot sector and a kernel', { timeout: TIMEOUT_MS }, async () => {
    const tiny = await world.catalogue.get('tiny');
    if (tiny.recipe !== 'kernel') return expect.fail('tiny does not boot by a kernel');
    const kernel = await world.catalogue.verify(tiny);
    expect(await probeKvm({ ...probe, kernel })).toMatchObject({ works: true });
  });

  it('does not believe a boot sector alone', { timeout: TIMEOUT_MS }, async () => {
    expect(await probeKvm(probe)).toMatchObject({ works: false });
  });

  it('does not wait for a guest that hangs', { timeout: TIMEOUT_MS }, async () => {
    const limits = { sectorMs: 1, kernelMs: 1 };
    expect(await probeKvm({ ...probe, limits })).toMatchObject({ works: false });
  });

  it('does not fail without an emulator', async () => {
    expect(await probeKvm({ ...probe, emulator: '/nonexistent' })).toMatchObject({ works: false });
  });
});
