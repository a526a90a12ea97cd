import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { ask, askHidden, confirm, newPassphrase, readPassphrase } from '../src/index.ts';

function fakeTerminal(isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: vi.fn() });
  const errors = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  errors.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { input, errors, output: new PassThrough(), shown: () => shown };
}

describe('questions', () => {
  it('take a line, and yes only when it is said', async () => {
    const terminal = fakeTerminal();
    terminal.input.write('blue \n');
    expect(await ask(terminal, 'Which?')).toBe('blue');
    terminal.input.write('y\n');
    expect(await confirm(terminal, 'Pay?')).toBe(true);
    terminal.input.write('\n');
    expect(await confirm(terminal, 'Pay?')).toBe(false);
  });

  it('hide what is typed, with corrections', async () => {
    const terminal = fakeTerminal();
    terminal.input.write('secrex\u007ft\r');
    expect(await askHidden(terminal, 'Passphrase:')).toBe('secret');
    expect(terminal.shown()).toBe('Passphrase: \n');
    expect(terminal.input.setRawMode.mock.calls).toEqual([[true], [false]]);
  });

  it('are ended by Ctrl-C and refused where nobody can answer', async () => {
    const terminal = fakeTerminal();
    terminal.input.write('se\u0003');
    await expect(askHidden(terminal, 'Passphrase:')).rejects.toMatchObject({
      code: 'INTERRUPTED',
      exitCode: 130,
    });
    await expect(ask(fakeTerminal(false), 'Which?')).rejects.toMatchObject({
      code: 'NO_TERMINAL',
      exitCode: 2,
    });
  });

  it('are ended by a signal, with the terminal as it was', async () => {
    const terminal = fakeTerminal();
    const ending = new AbortController();
    const answer = readPassphrase({ env: {}, terminal, signal: ending.signal }, 'Passphrase:');
    await vi.waitFor(() => expect(terminal.input.setRawMode).toHaveBeenCalledWith(true), 20_000);
    ending.abort(new Error('Stopped.'));
    await expect(answer).rejects.toThrow('Stopped.');
    expect(terminal.input.setRawMode.mock.calls).toEqual([[true], [false]]);
  });
});

describe('a passphrase', () => {
  it('comes from the file, then the environment, then the person', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hamster-pass-'));
    const file = join(directory, 'pass');
    await writeFile(file, 'from the file\n');
    const terminal = fakeTerminal();
    const env = { HAMSTER_PASSPHRASE: 'from the environment' };
    expect(await readPassphrase({ file, env, terminal }, 'Passphrase:')).toBe('from the file');
    expect(await readPassphrase({ env, terminal }, 'Passphrase:')).toBe('from the environment');
    terminal.input.write('from me\n');
    expect(await readPassphrase({ env: {}, terminal }, 'Passphrase:')).toBe('from me');
    await rm(directory, { recursive: true });
  });

  it('must be long enough and typed twice alike when it is new', async () => {
    const terminal = fakeTerminal(false);
    await expect(newPassphrase({ env: { HAMSTER_PASSPHRASE: 'short' }, terminal })).rejects.toMatchObject({
      code: 'PASSPHRASE_TOO_SHORT',
    });
    await expect(newPassphrase({ env: {}, terminal })).rejects.toMatchObject({ code: 'NO_PASSPHRASE' });
  });
});
