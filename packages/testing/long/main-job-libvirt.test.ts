import { describeWith, libvirtRequirement } from '@hamster/libvirt/testing';
import { beforeAll, expect } from 'vitest';
import { runAppOrThrow } from '../src/index.ts';
import { mainJob } from '../e2e/main-job.ts';

describeWith([await libvirtRequirement()], 'the main job with a virtual machine', () => {
  beforeAll(async () => {
    await runAppOrThrow('provider', ['image', 'build', 'tiny'], { signal: AbortSignal.timeout(300_000) });
  }, 310_000);

  mainJob({
    driver: 'libvirt',
    image: 'tiny',
    checkInside: async (inside) => {
      const totalKib = Number((await inside('grep MemTotal /proc/meminfo')).replace(/\D+/g, ''));
      // The kernel keeps a part of the 512 MiB for itself.
      expect(totalKib).toBeGreaterThan(400 * 1024);
      expect(totalKib).toBeLessThanOrEqual(512 * 1024);
      expect(await inside('cat /sys/block/vda/size')).toBe(String((1024 * 1024 * 1024) / 512));
      expect(await inside('grep -c "^root:[*!]" /etc/shadow')).toBe('1');
    },
  });
});
