import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join } from 'node:path';
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

type Command = { execute: string; arguments: Record<string, unknown> };

function answersWell({ execute }: Command): unknown {
  return { return: execute === 'guest-exec' ? { pid: 1 } : { exited: true, exitcode: 0 } };
}

/** A claimed machine whose agent answers so; `told` is what its program read. */
function claimed(answer: (command: Command) => unknown, sshPublicKeys = metadata.now.sshPublicKeys) {
  let input = '';
  const recorded = { ...metadata, now: { ...metadata.now, sshPublicKeys } };
  const done: string[] = [];
  const warnings: [string, string][] = [];
  const domain = { name: 'vm', uuid: '', id: 1 };
  const domains = {
    lookupByName: () => Promise.resolve(domain),
    xml: () => Promise.resolve(renderXml(metadataElement(recorded))),
    blockResize: (_domain: unknown, _disk: string, bytes: bigint) => Promise.resolve(done.push(`${bytes}`)),
    setMetadata: () => Promise.resolve(done.push('ready')),
  };
  const agent = (_domain: unknown, command: Command): Promise<unknown> => {
    if (command.execute === 'guest-exec')
      input = Buffer.from(String(command.arguments['input-data']), 'base64').toString();
    return Promise.resolve(answer(command));
  };
  const site: Pick<Site, 'names' | 'signal'> & { workshop: Pick<Site['workshop'], 'warn'> } = {
    workshop: { warn: (leaseId, text) => void warnings.push([leaseId, text]) },
    names: machineNames('chain', 'warm.1', stateDir),
    signal: new AbortController().signal,
  };
  const libvirt = { domains, agent } as unknown as Libvirt;
  return { site: { ...site, libvirt } as Site, done, warnings, told: () => input };
}

describe('a machine that was booted ahead', () => {
  it('is told in plain lines whose it is', async () => {
    const { site, done, warnings, told } = claimed(answersWell);
    await becomeTenants(site);
    expect(done).toEqual([`${2n * 1024n ** 3n}`, 'ready']);
    expect(warnings).toEqual([]);
    const lines = new Map(
      told()
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
    );
    expect(lines.get('host-name')).toBe('hamster-7');
    expect(lines.get('machine-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(Buffer.from(lines.get('random') ?? '', 'base64')).toHaveLength(64);
    expect(lines.get('key')).toBe('ssh-ed25519 AAAA me');
    expect(lines.get('disk')).toBe('grows');
  });

  it('with as large a disk as was ordered leaves it alone', async () => {
    const { site, done, told } = claimed(answersWell);
    // All that is read of a qcow2: what it is, and its size.
    const header = Buffer.alloc(32);
    header.write('QFI\xfb', 'latin1');
    header.writeBigUInt64BE(2n * 1024n ** 3n, 24);
    await mkdir(dirname(site.names.disk), { recursive: true });
    await writeFile(site.names.disk, header);
    await becomeTenants(site);
    await rm(site.names.disk);
    expect(done).toEqual(['ready']);
    expect(told()).not.toMatch(/^disk/m);
  });

  it('is told nothing with a line break in it, which would be a line of its own', async () => {
    const key = 'ssh-ed25519 AAAA me\nmachine-id 0';
    const { site, done, warnings } = claimed(() => expect.fail('nothing may be told'), [key]);
    await becomeTenants(site);
    expect(done).not.toContain('ready');
    expect(warnings).toEqual([['7', expect.stringMatching(/line break.*built anew/)]]);
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
