import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import type { Libvirt } from '@hamster/libvirt';
import { afterAll, describe, expect, it } from 'vitest';
import { metadataElement } from '../src/libvirt/metadata.ts';
import type { MachineMetadata } from '../src/libvirt/metadata.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { becomeTenants } from '../src/libvirt/warm/claim.ts';
import type { Site } from '../src/libvirt/workshop.ts';
import { renderXml } from '../src/libvirt/xml.ts';

const stateDir = await mkdtemp(join(os.tmpdir(), 'hamster-claim-'));
afterAll(() => rm(stateDir, { recursive: true }));

const file = { name: 'f', sha256: '' };
const spec = { cpuCores: 1, memoryMib: 256, diskGib: 2 };
const described = { name: 'tiny', version: '1', loginUser: 'root', minMemoryMib: 1, minDiskGib: 1 };
const metadata: MachineMetadata = {
  order: { leaseId: '7', spec, image: 'tiny', sshPublicKeys: ['ssh-ed25519 AAAA me'] },
  now: {
    spec,
    sshPublicKeys: ['ssh-ed25519 AAAA me'],
    image: { ...described, recipe: 'kernel', kernel: file, initrd: file, commandLine: '' },
  },
  phase: 'claiming',
  wanted: 'running',
  gateway: '10.77.0.1',
  address: '10.77.0.10',
};

/** A claimed machine whose agent answers so. */
function claimed(answer: (command: { execute: string; arguments: Record<string, unknown> }) => unknown) {
  const done: string[] = [];
  const warnings: [string, string][] = [];
  const domain = { name: 'vm', uuid: '', id: 1 };
  const domains = {
    lookupByName: () => Promise.resolve(domain),
    xml: () => Promise.resolve(renderXml(metadataElement(metadata))),
    blockResize: (_domain: unknown, _disk: string, bytes: bigint) => Promise.resolve(done.push(`${bytes}`)),
    setMetadata: () => Promise.resolve(done.push('ready')),
  };
  const agent = (_domain: unknown, command: Parameters<typeof answer>[0]): Promise<unknown> =>
    Promise.resolve(answer(command));
  const site: Pick<Site, 'names' | 'signal'> & { workshop: Pick<Site['workshop'], 'warn'> } = {
    workshop: { warn: (leaseId, text) => void warnings.push([leaseId, text]) },
    names: machineNames('chain', 'warm.1', stateDir),
    signal: new AbortController().signal,
  };
  const libvirt = { domains, agent } as unknown as Libvirt;
  return { site: { ...site, libvirt } as Site, done, warnings };
}

describe('a machine that was booted ahead', () => {
  it('is told in plain lines whose it is', async () => {
    let told = '';
    const { site, done, warnings } = claimed((command) => {
      if (command.execute !== 'guest-exec') return { return: { exited: true, exitcode: 0 } };
      told = Buffer.from(String(command.arguments['input-data']), 'base64').toString();
      return { return: { pid: 1 } };
    });
    await becomeTenants(site);
    expect(done).toEqual([`${2n * 1024n ** 3n}`, 'ready']);
    expect(warnings).toEqual([]);
    const lines = new Map(
      told
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
    expect(lines.get('plain-name')).toBe('hamster-7');
    expect(Buffer.from(lines.get('random') ?? '', 'base64')).toHaveLength(64);
    expect(Buffer.from(lines.get('authorized-keys') ?? '', 'base64').toString()).toBe(
      'ssh-ed25519 AAAA me\n',
    );
  });

  it('on a host whose disk takes nothing more, is told nothing and built anew', async () => {
    const { site, done, warnings } = claimed(() => expect.fail('it has no host key yet'));
    const full = join(stateDir, 'full');
    // Every write below it fails, as on a full disk, also for root.
    await writeFile(full, '');
    await becomeTenants({ ...site, names: machineNames('chain', 'warm.1', full) });
    expect(done).not.toContain('ready');
    expect(warnings).toEqual([['7', expect.stringContaining('built anew')]]);
  });

  it('and does not listen stays unclaimed in what is recorded, and its operator is told why', async () => {
    const { site, done, warnings } = claimed(() => ({ error: { class: 'GenericError', desc: 'hostile' } }));
    await becomeTenants(site);
    expect(done).not.toContain('ready');
    expect(warnings).toEqual([
      ['7', expect.stringMatching(/answered guest-exec with no result.*built anew/)],
    ]);
  });
});
