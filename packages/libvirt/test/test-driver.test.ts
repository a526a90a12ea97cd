import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectLibvirt, isLibvirtError, LIBVIRT_ERROR } from '../src/index.ts';
import type { LifecycleEvent, Libvirt } from '../src/index.ts';
import { describeWith, libvirtRequirement } from '../src/testing/index.ts';

// libvirt's own hypervisor in memory: everything but real machines, for each connection a new world.
const uri = 'test:///default';

describeWith([await libvirtRequirement(uri)], "libvirt's test hypervisor", () => {
  let libvirt: Libvirt;
  const name = 'hamster-test';
  const xml = (memory: string): string =>
    `<domain type='test'><name>${name}</name><uuid>${randomUUID()}</uuid><memory unit='MiB'>${memory}</memory>` +
    `<vcpu>2</vcpu><os><type>hvm</type></os></domain>`;

  beforeAll(async () => {
    libvirt = await connectLibvirt({ uri });
  });
  afterAll(() => libvirt.close());

  it('takes a domain through its whole life and tells of each step', async () => {
    const events: LifecycleEvent['event'][] = [];
    const stop = await libvirt.onLifecycle(({ domain, event }) => {
      if (domain.name === name) events.push(event);
    });
    const defined = await libvirt.domains.define(xml('256'));
    expect(defined).toMatchObject({ name, id: -1 });
    const running = await libvirt.domains.start(defined);
    expect(await libvirt.domains.info(running)).toMatchObject({
      state: 'running',
      vcpus: 2,
      maxMemoryKib: 262_144n,
    });
    await libvirt.domains.suspend(running);
    expect(await libvirt.domains.info(running)).toMatchObject({ state: 'paused' });
    await libvirt.domains.resume(running);
    expect((await libvirt.domains.list()).map((domain) => domain.name)).toContain(name);
    expect(await libvirt.domains.lookupByUuid(running.uuid)).toEqual(running);
    expect(await libvirt.domains.xml(running)).toContain(`<name>${name}</name>`);
    const [statistics] = await libvirt.statistics({ domains: [running] });
    expect(statistics?.values.get('state.state')).toBe(1);
    await libvirt.domains.destroy(running);
    await libvirt.domains.undefine(running);
    await expect(libvirt.domains.lookupByName(name)).rejects.toMatchObject({ code: LIBVIRT_ERROR.noDomain });
    stop();
    expect(events).toEqual(['defined', 'started', 'suspended', 'resumed', 'stopped', 'undefined']);
  });

  it('changes what a domain has, keeps notes with it, and tells its state', async () => {
    const domain = await libvirt.domains.define(xml('256'));
    expect(await libvirt.domains.state(domain)).toMatchObject({ state: 'shut-off' });
    await libvirt.domains.setMemory(domain, { kib: 524_288n, affect: 'config', maximum: true });
    await libvirt.domains.setVcpus(domain, { count: 1, affect: 'config' });
    expect(await libvirt.domains.info(domain)).toMatchObject({ maxMemoryKib: 524_288n });
    const uri = 'https://hamster.invalid/test';
    await libvirt.domains.setMetadata(domain, { key: 'h', uri, xml: '<note>first</note>' });
    await libvirt.domains.setMetadata(domain, { key: 'h', uri, xml: '<note>second</note>' });
    expect(await libvirt.domains.metadata(domain, uri)).toContain('second');
    expect(await libvirt.domains.xml(domain, { inactive: true })).not.toContain('first');
    await libvirt.domains.undefine(domain);
  });

  it('saves a domain and goes on with it', async () => {
    const directory = await mkdtemp(join(os.tmpdir(), 'hamster-save-'));
    const path = join(directory, 'saved');
    const running = await libvirt.domains.start(await libvirt.domains.define(xml('256')));
    await libvirt.domains.save(running, path);
    expect(await libvirt.domains.state(running)).toMatchObject({ state: 'shut-off' });
    await libvirt.domains.restore(path);
    expect(await libvirt.domains.state(running)).toMatchObject({ state: 'running' });
    await libvirt.domains.destroy(running);
    await libvirt.domains.undefine(running);
    await rm(directory, { recursive: true });
  });

  it('ends every call of a bounded view with its signal', async () => {
    const bounded = libvirt.bounded(AbortSignal.abort(new Error('over')));
    await expect(bounded.domains.list()).rejects.toThrow('over');
    await expect(libvirt.domains.list()).resolves.toBeDefined();
  });

  it('makes and removes networks', async () => {
    const network = await libvirt.networks.define(
      `<network><name>hamster-net</name><ip address='10.9.8.1' netmask='255.255.255.0'/></network>`,
    );
    await libvirt.networks.create(network);
    expect(await libvirt.networks.isActive(network)).toBe(true);
    expect((await libvirt.networks.list()).map((each) => each.name)).toContain('hamster-net');
    expect(await libvirt.networks.xml(network)).toContain('10.9.8.1');
    await libvirt.networks.destroy(network);
    await libvirt.networks.undefine(network);
    const lookup = libvirt.networks.lookupByName('hamster-net');
    await expect(lookup).rejects.toSatisfy((error) => isLibvirtError(error, LIBVIRT_ERROR.noNetwork));
  });

  it('refuses XML that does not fit the schema, with its own error', async () => {
    const bad = xml('256').replace('</domain>', '<nonsense/></domain>');
    await expect(libvirt.domains.define(bad)).rejects.toMatchObject({ code: LIBVIRT_ERROR.xmlInvalidSchema });
  });

  it('says what it is', async () => {
    expect(await libvirt.host.libvirtVersion()).toBeGreaterThan(1_000_000);
    expect(await libvirt.host.capabilities()).toContain('<capabilities>');
  });
});
