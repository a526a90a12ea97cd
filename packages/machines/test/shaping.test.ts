import { describe, expect, it } from 'vitest';
import { hasDisciplines, Shaping } from '../src/libvirt/shaping.ts';

describe('a limit of bandwidth', () => {
  it('needs both queueing disciplines, and is tried where the kernel does not tell', () => {
    expect(hasDisciplines('CONFIG_NET_SCH_HTB=y\nCONFIG_NET_SCH_SFQ=m\n')).toBe(true);
    expect(hasDisciplines('CONFIG_NET_SCH_HTB=y\n# CONFIG_NET_SCH_SFQ is not set\n')).toBe(false);
    expect(hasDisciplines('')).toBe(true);
  });

  it('is given up after a machine could not start with it', async () => {
    const shaping = new Shaping();
    shaping.fails();
    expect(await shaping.works()).toBe(false);
  });
});
