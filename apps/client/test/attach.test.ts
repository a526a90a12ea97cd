import { PassThrough } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { attach, watched } from '../src/ssh/attach.ts';

/** A person at a terminal, and a remote channel that never closes by itself. */
function atTerminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const terminal = { input, output: new PassThrough(), errors: new PassThrough() };
  const channel = Object.assign(new PassThrough(), {
    stderr: new PassThrough(),
    setWindow: () => undefined,
  }) as unknown as ClientChannel;
  const ending = new AbortController();
  return { raw, terminal, channel, ending };
}

describe('a shell by the library', () => {
  it('is left by who is told to end, with the terminal as it was', async () => {
    const { raw, terminal, channel, ending } = atTerminal();
    const code = attach(watched(channel), { terminal, interactive: true, signal: ending.signal });
    expect(raw).toEqual([true]);
    ending.abort(new Error('Stopped.'));
    await expect(code).rejects.toThrow('Stopped.');
    expect(raw).toEqual([true, false]);
    expect(terminal.input.isPaused()).toBe(true);
  });

  it('is not begun by who was told to end before', async () => {
    const { raw, terminal, channel, ending } = atTerminal();
    ending.abort(new Error('Stopped.'));
    const code = attach(watched(channel), { terminal, interactive: true, signal: ending.signal });
    await expect(code).rejects.toThrow('Stopped.');
    expect(raw).toEqual([]);
  });
});
