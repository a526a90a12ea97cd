import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask, createLogger, harmless, harmlessJson, harmlessLines } from '../src/index.ts';

/** Sets the title, colours by the one-byte introducer, begins a new line, and writes from right to left. */
const HOSTILE = '\u001b]0;mine\u0007\u009b31m\r\nINFO all is well \u202eelif';
const OBEYED = /[^\P{Cc}\n]|\p{Cf}/u;

describe('what strangers say', () => {
  it('is shown without what a terminal obeys', () => {
    expect(harmless(HOSTILE)).toBe('?]0;mine??31m??INFO all is well ?elif');
    expect(harmlessLines(`one\n\ttwo${HOSTILE}`)).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u);
    expect(harmlessLines('one\n\ttwo')).toBe('one\n\ttwo');
  });

  it('keeps what joins and parts letters in scripts and pictures, which no terminal obeys', () => {
    for (const text of ['/home/👩\u200d💻/key', 'می\u200cخواهم', '❤️ שלום']) {
      expect(harmless(text)).toBe(text);
      expect(harmlessLines(text)).toBe(text);
      expect(JSON.parse(harmlessJson(JSON.stringify(text)))).toBe(text);
    }
  });

  it('stays what it is in JSON', () => {
    const value = { text: `${HOSTILE}\u007f\u{e0001}é€😀`, list: [1] };
    const json = harmlessJson(JSON.stringify(value, null, 2));
    expect(json).not.toMatch(OBEYED);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toContain('é€😀');
  });

  it.each([false, true])('forges no line of a log, nor colours one; JSON: %s', (json) => {
    let written = '';
    const lines: string[] = [];
    const output = { write: (text: string) => (written += text) };
    const onLine = (line: string): unknown => lines.push(line);
    const log = createLogger({ name: 'test', level: 'info', json, output, onLine });
    log.info({ reason: HOSTILE, one: '\u009b31m', peers: [HOSTILE] }, HOSTILE);
    log.error({ err: new TypeError(HOSTILE) }, 'failed');
    expect(written).not.toMatch(OBEYED);
    expect(written).not.toMatch(/^INFO/m);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: HOSTILE, reason: HOSTILE });
  });

  it('is not obeyed in a question either', async () => {
    const errors = Object.assign(new PassThrough(), { isTTY: true });
    let shown = '';
    errors.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const input = Object.assign(new PassThrough(), { isTTY: true });
    input.write('y\n');
    await ask({ input, output: new PassThrough(), errors }, `Erase ${HOSTILE}?`);
    expect(shown).toContain('Erase ?]0;mine??31m');
  });
});
