import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoImage } from '../src/cloud/iso9660.ts';
import { seedImage } from '../src/cloud/seed.ts';
import { imageCatalogue, importCloudImage, importRegistryImage } from '../src/index.ts';
import { runCommand } from '../src/host/run-command.ts';

const SECTOR = 2048;

/** Files of the first directory, as a reader of Joliet finds them: nothing of the writer's is used. */
function readJoliet(image: Buffer): Map<string, Buffer> {
  const volume = image.subarray(17 * SECTOR, 18 * SECTOR);
  expect(volume.toString('latin1', 1, 6)).toBe('CD001');
  expect(volume.toString('latin1', 88, 91)).toBe('%/E');
  const root = { at: volume.readUInt32LE(158) * SECTOR, length: volume.readUInt32BE(170) };
  const files = new Map<string, Buffer>();
  for (let at = root.at; at < root.at + root.length && image.readUInt8(at) > 0; at += image.readUInt8(at)) {
    expect(image.readUInt32LE(at + 2)).toBe(image.readUInt32BE(at + 6));
    if ((image.readUInt8(at + 25) & 2) !== 0) continue;
    const name = Buffer.from(image.subarray(at + 33, at + 33 + image.readUInt8(at + 32)));
    const start = image.readUInt32LE(at + 2) * SECTOR;
    files.set(name.swap16().toString('utf16le'), image.subarray(start, start + image.readUInt32LE(at + 10)));
  }
  return files;
}

describe('an ISO image', () => {
  const large = randomBytes(5000);
  const image = isoImage('cidata', [
    { name: 'user-data', content: Buffer.from('one') },
    { name: 'meta-data', content: large },
    { name: 'empty', content: Buffer.alloc(0) },
  ]);

  it('holds the files under their long names, in the order that readers expect', () => {
    const files = readJoliet(image);
    expect([...files.keys()]).toEqual(['empty', 'meta-data', 'user-data']);
    expect(files.get('meta-data')).toEqual(large);
    expect(files.get('user-data')?.toString()).toBe('one');
  });

  it('has its label where tools look for it, and is a whole number of sectors', () => {
    expect(image.toString('latin1', 16 * SECTOR + 40, 16 * SECTOR + 46)).toBe('CIDATA');
    expect(image.length % SECTOR).toBe(0);
    expect(image.readUInt32LE(16 * SECTOR + 80) * SECTOR).toBe(image.length);
  });

  it('is the same for the same files', () => {
    const again = isoImage('x', [{ name: 'a', content: Buffer.from('b') }]);
    expect(isoImage('x', [{ name: 'a', content: Buffer.from('b') }])).toEqual(again);
  });

  it('refuses names that cannot be kept', () => {
    for (const name of ['', 'x'.repeat(65)]) {
      expect(() => isoImage('x', [{ name, content: Buffer.alloc(0) }])).toThrow(RangeError);
    }
  });
});

describe('the seed of a cloud image', () => {
  it('carries keys that try to break out, as data', () => {
    const key = 'ssh-ed25519 AAAA x"\n- root: y';
    const hostKey = {
      publicKey: 'ssh-ed25519 BBBB',
      openssh: 'PEM\nssh_pwauth: true',
      dropbear: Buffer.alloc(0),
    };
    const seed = {
      instanceId: 'i-1',
      hostName: 'hamster-7',
      loginUser: 'debian',
      sshPublicKeys: [key],
      mac: '52:54:00:00:00:01',
    };
    const files = readJoliet(seedImage({ ...seed, hostKey }));
    const [first, rest] = (files.get('user-data')?.toString() ?? '').split(/\n(.*)/s);
    expect(first).toBe('#cloud-config');
    const user = JSON.parse(rest ?? '') as { ssh_pwauth: boolean; users: Record<string, unknown>[] };
    expect(user).toMatchObject({ ssh_pwauth: false, disable_root: true });
    expect(user).toMatchObject({
      ssh_keys: { ed25519_private: hostKey.openssh, ed25519_public: hostKey.publicKey },
    });
    expect(user.users).toMatchObject([{ name: 'debian', lock_passwd: true, ssh_authorized_keys: [key] }]);
    expect(JSON.parse(files.get('meta-data')?.toString() ?? '')).toEqual({
      'instance-id': 'i-1',
      'local-hostname': 'hamster-7',
    });
    expect(files.get('network-config')?.toString()).toContain('52:54:00:00:00:01');
  });
});

describe('importing', () => {
  const content = new Map<string, Buffer>();
  const server = http.createServer((request, response) => {
    const body = content.get(request.url ?? '');
    if (body) response.end(body);
    else response.writeHead(404).end();
  });
  let directory: string;
  let base: string;
  const description = { name: 'cloudy', loginUser: 'debian', minMemoryMib: 256, minDiskGib: 1 };
  const sha256 = (path: string): string =>
    createHash('sha256')
      .update(content.get(path) ?? '')
      .digest('hex');

  beforeAll(async () => {
    directory = await mkdtemp(join(os.tmpdir(), 'hamster-import-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const make = async (name: string, ...args: string[]): Promise<void> => {
      const path = join(directory, name);
      await runCommand('qemu-img', ['create', '-q', ...args.slice(0, -1), path, args.at(-1) ?? '']);
      content.set(`/${name}`, await readFile(path));
    };
    await make('disk.qcow2', '-f', 'qcow2', '16M');
    await make('disk.raw', '-f', 'raw', '1M');
    await writeFile(join(directory, 'secret'), Buffer.alloc(1024 * 1024));
    await make('bad.qcow2', '-f', 'qcow2', '-F', 'raw', '-b', join(directory, 'secret'), '1M');
  });
  afterAll(async () => {
    server.close();
    await rm(directory, { recursive: true });
  });

  const catalogue = () => imageCatalogue(join(directory, 'catalogue'));

  it.each(['/disk.qcow2', '/disk.raw'])('takes %s when it has the hash that was asked for', async (path) => {
    const source = { ...description, url: base + path, sha256: sha256(path) };
    const entry = await importCloudImage(source, catalogue());
    expect(await catalogue().get('cloudy')).toEqual(entry);
    const { disk } = await catalogue().verify(entry);
    expect(await runCommand('qemu-img', ['info', disk])).toContain('file format: qcow2');
  });

  it('takes it from two imports at the same moment, which are in nobody’s way', async () => {
    const source = {
      ...description,
      name: 'twice',
      url: `${base}/disk.qcow2`,
      sha256: sha256('/disk.qcow2'),
    };
    const [one, other] = await Promise.all(
      [source, source].map((each) => importCloudImage(each, catalogue())),
    );
    expect(one).toEqual(other);
    await catalogue().verify(await catalogue().get('twice'));
    expect((await readdir(catalogue().directory)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await readdir(join(catalogue().directory, 'twice'))).sort()).toEqual([
      one?.version,
      'image.json',
    ]);
  });

  it('keeps nothing of what has another hash, refers to files of the host, or is not there', async () => {
    const bad = [
      { url: `${base}/disk.qcow2`, sha256: '0'.repeat(64) },
      { url: `${base}/bad.qcow2`, sha256: sha256('/bad.qcow2') },
      { url: `${base}/none`, sha256: '0'.repeat(64) },
    ];
    for (const source of bad) {
      const attempt = importCloudImage({ ...description, name: 'bad', ...source }, catalogue());
      await expect(attempt).rejects.toMatchObject({ code: 'ImageCorrupt' });
    }
    await expect(catalogue().get('bad')).rejects.toMatchObject({ code: 'ImageUnknown' });
  });

  it('refuses what is no source', async () => {
    const good = { ...description, url: `${base}/disk.raw`, sha256: '0'.repeat(64) };
    for (const change of [{ name: '../x' }, { url: 'file:///etc/passwd' }, { sha256: 'x' }]) {
      const attempt = importCloudImage({ ...good, ...change }, catalogue());
      await expect(attempt).rejects.toMatchObject({ code: 'InvalidOrder' });
    }
    const registry = { ...description, reference: 'debian:12', command: ['/sshd'], readOnlyRoot: false };
    await expect(importRegistryImage(registry, catalogue())).rejects.toMatchObject({ code: 'InvalidOrder' });
  });

  it('collects versions that nobody uses, and no others', async () => {
    const import_ = (path: string) =>
      importCloudImage({ ...description, name: 'old', url: base + path, sha256: sha256(path) }, catalogue());
    const first = await import_('/disk.raw');
    const second = await import_('/disk.qcow2');
    const used = new Set([`old/${first.version}`]);
    expect(await catalogue().collect(used)).not.toContain(`old/${first.version}`);
    expect(await catalogue().collect(new Set())).toEqual([`old/${first.version}`]);
    await expect(catalogue().verify(second)).resolves.toBeDefined();
  });
});
