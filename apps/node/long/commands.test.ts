import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

interface Line {
  readonly msg: string;
  readonly number?: number;
  readonly genesisHash?: string;
}

/** Runs a node until it has logged a line that is wanted; then stops it. Answers that line. */
async function runUntil(wanted: (line: Line) => boolean, ...args: string[]): Promise<Line> {
  const child = spawn(process.execPath, [MAIN, '--log-json', '--rpc-port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  let found: Line | undefined;
  for await (const text of createInterface({ input: child.stderr })) {
    const line = JSON.parse(text) as Line;
    if (found || !wanted(line)) continue;
    found = line;
    child.kill('SIGTERM');
  }
  await closed;
  if (!found) throw new RangeError('The node ended before it said so');
  return found;
}

const block = (number: number) => (line: Line) => line.msg === 'Block made' && line.number === number;
const listening = ({ msg }: Line) => msg === 'listening';

describe('commands of hamster-node', { timeout: 180_000 }, () => {
  let folder: string;
  let spec: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-commands-'));
    spec = join(folder, 'raw.json');
    const { out } = await run('build-spec', '--raw', '--chain', 'local', '--block-time', '200ms');
    await writeFile(spec, out);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  const place = (name: string): string[] => ['--chain', spec, '--base-path', join(folder, name)];

  it('build-spec prints one chain, plain or raw', async () => {
    const plain = join(folder, 'plain.json');
    const { out, code } = await run('build-spec', '--chain', 'local', '--block-time', '200ms');
    expect(code).toBe(0);
    await writeFile(plain, out);
    const raw = JSON.parse(await readFile(spec, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(raw)).toEqual(
      expect.arrayContaining([
        'name',
        'id',
        'chainType',
        'bootNodes',
        'telemetryEndpoints',
        'protocolId',
        'properties',
      ]),
    );
    expect(raw).toHaveProperty('genesis.raw.top.0x3a636f6465');
    const genesis = [];
    for (const [name, file] of [
      ['of-plain', plain],
      ['of-raw', spec],
    ] as const) {
      const flags = ['--chain', file, '--base-path', join(folder, name)];
      genesis.push((await runUntil(listening, ...flags)).genesisHash);
    }
    expect(genesis[0]).toMatch(/^0x[0-9a-f]{64}$/);
    expect(genesis[0]).toBe(genesis[1]);
  });

  it('key insert makes a follower an author, in files of its owner alone', async () => {
    const secrets = join(folder, 'secret');
    await writeFile(secrets, '//Alice\n');
    for (const type of ['aura', 'gran']) {
      const { code, out } = await run(
        'key',
        'insert',
        '--key-type',
        type,
        '--file',
        secrets,
        ...place('author'),
      );
      expect(code).toBe(0);
      expect(out).not.toContain('//Alice');
    }
    const keystore = join(folder, 'author', 'chains', 'hamster-local', 'keystore');
    const files = await readdir(keystore);
    expect(files).toContain('61757261d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
    for (const file of files) expect((await stat(join(keystore, file))).mode & 0o777).toBe(0o600);
    expect((await runUntil(block(3), ...place('author'))).number).toBe(3);
  });

  it('export-blocks, import-blocks and revert carry a chain over, verified, and back', async () => {
    const file = join(folder, 'blocks');
    await runUntil(block(5), '--alice', ...place('source'));
    expect(await run('export-blocks', file, '--to', '5', ...place('source'))).toMatchObject({ code: 0 });
    expect((await run('import-blocks', file, ...place('copy'))).err).toContain('Imported 5 blocks');
    expect((await run('import-blocks', file, ...place('copy'))).err).toContain('5 were here already');
    const kept = await run('revert', '2', ...place('copy'));
    expect(kept).toMatchObject({ code: 1 });
    expect(kept.err).toContain('is final');
    expect((await run('revert', '2', '--force', ...place('copy'))).out).toContain('was #5, and is #3');
    expect((await run('import-blocks', file, ...place('copy'))).err).toContain(
      'Imported 2 blocks, 3 were here',
    );
    await writeFile(file, (await readFile(file)).subarray(0, -100));
    const cut = await run('import-blocks', file, ...place('other'));
    expect(cut).toMatchObject({ code: 1 });
    expect(cut.err).toContain('1 blocks are missing or cut');
  });

  it('purge-chain asks, removes the chain and keeps the keys', async () => {
    await run('key', 'insert', '--key-type', 'aura', '--suri', '//Bob', ...place('purged'));
    await runUntil(listening, ...place('purged'));
    const chain = join(folder, 'purged', 'chains', 'hamster-local');
    expect((await run('purge-chain', ...place('purged'))).code).toBe(2);
    expect(existsSync(join(chain, 'db'))).toBe(true);
    expect(await run('purge-chain', '-y', ...place('purged'))).toMatchObject({ code: 0 });
    expect(existsSync(join(chain, 'db'))).toBe(false);
    expect(await readdir(join(chain, 'keystore'))).toHaveLength(1);
  });

  it('key generate prints a secret, from which key inspect tells the same key', async () => {
    const made = (await run('key', 'generate', '--scheme', 'ed25519')).out;
    const words = /Secret phrase:\s+(.*)/.exec(made)?.[1] ?? '';
    expect(words.split(' ')).toHaveLength(12);
    const told = (await run('key', 'inspect', words, '--scheme', 'ed25519')).out;
    expect(told).not.toContain(words);
    expect(made).toContain(told);
    const wrong = await run('key', 'inspect', `${words} more`);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).not.toContain(words);
  });
});
