import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Run {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
  out = '';
  err = '';

  constructor(...flags: string[]) {
    this.child = spawn(process.execPath, [MAIN, ...flags], { env: { ...process.env, NO_COLOR: '1' } });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.done = new Promise((resolve) => {
      this.child.once('close', (code) => resolve({ code, out: this.out, err: this.err }));
    });
  }

  /** Waits until standard output says so. */
  async says(text: string): Promise<void> {
    await expect.poll(() => this.out, { timeout: 40_000 }).toContain(text);
  }
}

const run = (...flags: string[]): Promise<Outcome> => new Run(...flags).done;

describe('the command line of hamster-node', { timeout: 90_000 }, () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('explains itself, with examples', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('hamster-node --dev --base-path');
    for (const flag of [
      '--chain',
      '--block-time',
      '--manual-seal',
      '--pruning',
      '--rpc-port',
      '--rpc-external',
    ]) {
      expect(out).toContain(flag);
    }
  });

  it('tells its version', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, out: '0.1.0\n' });
  });

  it.each([
    [[], 'Say which chain to run: --dev'],
    [['--dev', '--rpc-port', 'abc'], '--rpc-port is "abc"'],
    [['--dve'], "unknown option '--dve'"],
    [['--dev', '--bootnodes', '/ip4/192.0.2.1/tcp/1'], '--bootnodes: "/ip4/192.0.2.1/tcp/1" is no address'],
    [['--dev', '--public-addr', 'here'], '--public-addr: "here" is no multiaddr'],
    [['--dev', '--public-addr', '/ip4/203.0.113.7'], '"/ip4/203.0.113.7" is no multiaddr with a TCP port'],
    [['--dev', '--listen-addr', '/ip4/127.0.0.1'], '"/ip4/127.0.0.1" is no multiaddr with a TCP port'],
    [['--chain', '/nowhere/at/all.json'], 'neither dev nor local nor a file that exists'],
  ])('ends with 2 and a sentence for %j', async (flags, sentence) => {
    const { code, err } = await run(...flags);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('ends with 2 for a chain spec that lacks something, and names it', async () => {
    const spec = join(folder, 'spec.json');
    await writeFile(spec, JSON.stringify({ name: 'Broken', id: 'broken' }));
    const { code, err } = await run('--chain', spec, '--base-path', folder, '--rpc-port', '0');
    expect(err).toContain(spec);
    expect(code).toBe(2);
  });

  it('ends with 1 when the port is in use, leaving no lock behind', async () => {
    const holder = await listen();
    const port = (holder.address() as AddressInfo).port;
    const { code, err } = await run('--dev', '--base-path', folder, '--rpc-port', String(port));
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(err).not.toContain('    at ');
    expect(code).toBe(1);
    holder.close();
    const again = new Run('--dev', '--base-path', folder, '--rpc-port', String(port));
    await again.says('Hamster node is running');
    again.child.kill('SIGTERM');
    expect((await again.done).code).toBe(0);
  });

  it('ends with 1 when peers should come to an address of another machine', async () => {
    const elsewhere = ['--listen-addr', '/ip4/203.0.113.1/tcp/0'];
    const { code, err } = await run('--dev', '--rpc-port', '0', ...elsewhere);
    expect(err).toContain('Choose addresses that this machine has with --listen-addr');
    expect(code).toBe(1);
  });

  it('ends with 1 when the base path holds another chain', async () => {
    const flags = (spec: string): string[] => ['--chain', spec, '--base-path', folder, '--rpc-port', '0'];
    const [one, two] = [join(folder, 'one.json'), join(folder, 'two.json')];
    await writeFile(one, JSON.stringify(specWith({})));
    await writeFile(two, JSON.stringify(specWith({ balances: { balances: [[ALICE, '1000000000000']] } })));
    const first = new Run(...flags(one));
    await first.says('Hamster node is running');
    first.child.kill('SIGINT');
    expect((await first.done).code).toBe(0);
    const { code, err } = await run(...flags(two));
    expect(err).toContain('choose another base path');
    expect(code).toBe(1);
  });

  it('ends with 1 when another node works on the base path', async () => {
    const first = new Run('--dev', '--base-path', folder, '--rpc-port', '0');
    await first.says('Hamster node is running');
    const { code, err } = await run('--dev', '--base-path', folder, '--rpc-port', '0');
    expect(err).toContain('already works on');
    expect(code).toBe(1);
    first.child.kill('SIGTERM');
    await first.done;
  });

  it.each(['a file', '/proc/nowhere'])('ends with 1 when the base path is %s', async (name) => {
    const place = resolve(folder, name);
    if (name === 'a file') await writeFile(place, '');
    const { code, err } = await run('--dev', '--base-path', place, '--rpc-port', '0');
    expect(err).toContain(`Cannot keep the chain in ${place}`);
    expect(err).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'does not say that there is no chain where it may not look',
    async () => {
      const child = spawn(process.execPath, [MAIN, 'purge-chain', '-y', '--dev', '--base-path', folder], {
        uid: 65_534,
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text));
      const [code] = (await once(child, 'close')) as [number];
      expect(said).toContain('has to belong to the user who runs the node');
      expect(code).toBe(1);
    },
  );

  it.each([
    [['key', 'inspect', '--file', '/nowhere/words'], 1, 'Cannot read /nowhere/words: ENOENT'],
    [['key', 'inspect', '--file', '/'], 1, 'Cannot read /: EISDIR'],
    [['key', 'inspect', '--file', '/dev/zero'], 2, 'This is no secret of a key'],
    [['key', 'inspect', '//Alice', '--file', '/dev/zero'], 2, 'There are two secrets'],
    [['import-blocks', '/nowhere/blocks'], 1, 'Cannot read /nowhere/blocks: ENOENT'],
    [['export-blocks'], 2, 'where the chain "Hamster Development" would be: --base-path and --chain say'],
    [['revert'], 2, 'where the chain "Hamster Development" would be'],
    [['export-blocks', '--to', ''], 2, '--to is "", but must be the number of a block'],
  ])('says what is wrong with %j', async (flags, wanted, sentence) => {
    const { code, err } = await run(...flags, '--dev', '--base-path', folder);
    expect(err).toContain(sentence);
    expect(code).toBe(wanted);
  });

  it('exports nothing of a chain that has no blocks yet', async () => {
    const place = ['--dev', '--base-path', folder];
    expect((await run('import-blocks', '/dev/null', ...place)).err).toContain('no complete file');
    const { code, err } = await run('export-blocks', ...place);
    expect(err).toContain('there is nothing to export');
    expect(code).toBe(2);
  });

  it('prints what a person wants to know, and stops cleanly at Ctrl-C', async () => {
    const node = new Run('--dev', '--rpc-port', '0');
    await node.says('JSON-RPC');
    expect(node.out).toMatch(/chain\s+Hamster Development \(Development\)/);
    expect(node.out).toMatch(/genesis\s+0x[0-9a-f]{64}/);
    expect(node.out).toMatch(/ws:\/\/127\.0\.0\.1:\d+/);
    const asked = performance.now();
    node.child.kill('SIGINT');
    expect((await node.done).code).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('leaves nothing of a temporary chain', async () => {
    const node = new Run('--dev', '--rpc-port', '0', '--log-json');
    await expect.poll(() => node.err, { timeout: 40_000 }).toContain('"listening"');
    const path = /"path":"([^"]+)"/.exec(node.err)?.[1] ?? '';
    expect(existsSync(path)).toBe(true);
    node.child.kill('SIGTERM');
    await node.done;
    expect(existsSync(path)).toBe(false);
  });
});

function listen(): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const specWith = (genesis: object): object => ({
  name: 'Test',
  id: 'test',
  chainType: 'Local',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: { aura: { authorities: [ALICE] }, grandpa: { authorities: [[ALICE, 1]] }, ...genesis },
});
