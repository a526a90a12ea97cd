import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { attachConsole } from '../src/access/attach-console.ts';
import { createProgram } from '../src/cli/program.ts';
import { metricsText } from '../src/commands/metrics.ts';
import { statusText } from '../src/commands/status.ts';
import { bytes } from '../src/format/size.ts';
import { fingerprintOf, parseKeyLine } from '../src/ssh/public-key.ts';

const run = promisify(execFile);
const SIZE = { cpuCores: 2, memoryMib: 1024, diskGib: 10 };

/** A keyboard and a screen, joined with a console that the test plays. */
function atConsole(isTTY: boolean) {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => raw.push(on) });
  const output = new PassThrough();
  const [stream, machine] = duplexPair();
  const interrupts = new AbortController();
  const terminal = { input, output, errors: new PassThrough() };
  const attached = attachConsole(stream, terminal, interrupts.signal);
  return { input, output, raw, machine, stream, attached };
}

describe('hamster console', () => {
  it('sends every key but Ctrl-], which leaves, and gives the terminal back', async () => {
    const { input, raw, machine, stream, attached } = atConsole(true);
    input.write('ls\r\u0003');
    expect(String((await once(machine, 'data'))[0])).toBe('ls\r\u0003');
    const last = once(machine, 'data');
    input.write('x\u001dnot this');
    expect(String((await last)[0])).toBe('x');
    expect(await attached).toBe('left');
    expect(raw).toEqual([true, false]);
    expect(stream.destroyed).toBe(true);
  });

  it('sends a pipe whole, Ctrl-] too, then its end, and shows all that the machine said', async () => {
    const { input, output, raw, machine, attached } = atConsole(false);
    const shown = text(output);
    input.end('a\u001db');
    expect(await text(machine)).toBe('a\u001db');
    machine.end('last words');
    expect(await attached).toBe('ended');
    output.end();
    expect(await shown).toBe('last words');
    expect(raw).toEqual([]);
  });

  it('is not begun by who was told to end while it was opened', async () => {
    const raw: boolean[] = [];
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (on: boolean) => raw.push(on),
    });
    const terminal = { input, output: new PassThrough(), errors: new PassThrough() };
    const [stream] = duplexPair();
    expect(await attachConsole(stream, terminal, AbortSignal.abort())).toBe('left');
    expect(raw).toEqual([]);
    expect(stream.destroyed).toBe(true);
  });
});

describe('what is told of a machine', () => {
  it('says what a state means and what to do', () => {
    const status = { image: 'debian-12', size: SIZE, leased: SIZE };
    expect(statusText(7, { ...status, state: 'stopped' })).toContain('Start it with: hamster start 7');
    expect(statusText(7, { ...status, state: 'running', busyWith: 'reboot' })).toContain(
      'busy with "reboot"',
    );
    const small = { ...status, state: 'running' as const, size: { ...SIZE, memoryMib: 512 } };
    expect(statusText(7, small)).toContain('512 MiB memory, 10 GiB disk (the lease pays for');
  });

  it('shows use in units that a person reads, and the speed of the network since the last look', () => {
    const look = (at: number, receivedBytes: number) => ({
      at,
      cpu: { timeMs: 5, percent: 149.6 },
      memory: { usedBytes: 300 * 1024 ** 2, limitBytes: 1024 ** 3 },
      disk: { usedBytes: 0, sizeBytes: 10 * 1024 ** 3 },
      network: { receivedBytes, sentBytes: 0 },
    });
    const line = metricsText(look(3000, 4096), look(1000, 0));
    expect(line).toBe(
      'cpu 150 %  memory 300 MiB of 1 GiB  disk 0 B of 10 GiB  in 4 KiB, out 0 B  (2 KiB/s in, 0 B/s out)',
    );
    expect([0, 1, 1023, 1536, 5.5 * 1024 ** 4].map(bytes)).toEqual([
      '0 B',
      '1 B',
      '1023 B',
      '1.5 KiB',
      '5.5 TiB',
    ]);
  });

  it('names a key as ssh-keygen does', () => {
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea';
    expect(fingerprintOf(parseKeyLine(line, 'It'))).toBe(
      'SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8',
    );
  });
});

describe('hamster completion', () => {
  async function script(shell: string): Promise<string> {
    const output = new PassThrough();
    const terminal = { input: new PassThrough(), output, errors: new PassThrough() };
    const { signal } = new AbortController();
    const host = { terminal, env: {}, signal, leaveInterrupts: () => () => undefined, self: [] };
    await createProgram(host, '0').run(['completion', shell]);
    output.end();
    return text(output);
  }

  it.each([
    [['re'], ['rent', 'reboot', 'reset', 'reinstall', 'resize']],
    [['reinstall', '--im'], ['--image']],
    [['--chain', 'ws://x', 'keys', '7', 're'], ['remove']],
    [['account', 'cr'], ['create']],
    [['completion', ''], expect.arrayContaining(['bash', 'zsh', 'fish'])],
    [['stop', '--jso'], ['--json']],
  ])('completes %j in bash', async (words, expected) => {
    const line = ['hamster', ...words].map((word) => `'${word}'`).join(' ');
    const program = `${await script('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _hamster; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['--norc', '-c', program]);
    expect(stdout.trim().split('\n')).toEqual(expected);
  });

  it.each(['zsh', 'fish'])('has a script for %s that names every command', async (shell) => {
    const text = await script(shell);
    for (const name of ['rent', 'console', 'reinstall', 'scp']) expect(text).toContain(name);
    expect(text).not.toContain('proxy');
    const parses = await run(shell, ['--no-execute', '-c', text]).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { stderr: '' };
      throw error;
    });
    expect(parses.stderr).toBe('');
  });
});
