import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { addConfigOptions, Command } from '@hamster/daemon';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../src/cli/context.ts';
import { settings } from '../src/cli/settings.ts';
import { duration } from '../src/format/duration.ts';
import { toJson } from '../src/format/json.ts';
import { ham, parseHam, roundHam } from '../src/format/money.ts';
import { showProgress } from '../src/format/progress.ts';
import { memory, parseGib, parseMib, slice } from '../src/format/size.ts';
import { table } from '../src/format/table.ts';

const HAM = 10n ** 12n;

describe('money', () => {
  it('is exact, and grouped for reading', () => {
    expect(ham(1_234_567n * HAM + 1n)).toBe('1,234,567.000000000001 HAM');
    expect(ham(-HAM / 2n)).toBe('-0.5 HAM');
    expect(ham(0n)).toBe('0 HAM');
  });

  it('is rounded to four decimals, but small prices do not vanish', () => {
    expect(roundHam(HAM / 3n)).toBe('0.3333 HAM');
    expect(roundHam(2n * HAM)).toBe('2 HAM');
    expect(roundHam(123_456n)).toBe('0.000000123 HAM');
    expect(roundHam(1n)).toBe('0.000000000001 HAM');
    expect(roundHam(1_999_960_000_000n)).toBe('2 HAM');
  });

  it('is read as it is written', () => {
    expect(parseHam('1.5')).toBe((3n * HAM) / 2n);
    expect(parseHam('0.000000000001 HAM')).toBe(1n);
    for (const wrong of ['', '-1', '1,5', '1e3', '0.0000000000001', '.5'])
      expect(parseHam(wrong)).toBeUndefined();
  });
});

describe('a wait', () => {
  it.each([
    [10, 'there … 0 s'.slice(-9)],
    [0, 'It is made there … 0 s'],
    [80, 'It is made there … 0 s'],
  ])('is one line of a terminal of %i columns', (columns, line) => {
    const errors = Object.assign(new PassThrough(), { isTTY: true, columns });
    const terminal = { input: new PassThrough(), output: new PassThrough(), errors };
    showProgress(terminal, 'It is made there', () => 0).stop();
    expect(String(errors.read())).toBe(`\r\u001b[K${line}\r\u001b[K`);
  });
});

describe('sizes', () => {
  it('are read with or without a unit', () => {
    expect([parseMib('2'), parseMib('2G'), parseMib('1.5GiB'), parseMib('512M'), parseMib('1t')]).toEqual([
      2048, 2048, 1536, 512, 1_048_576,
    ]);
    expect([parseGib('20'), parseGib('1T'), parseGib('1024M')]).toEqual([20, 1024, 1]);
    for (const wrong of ['', '0', '-1', '2X', '1.0001G']) expect(parseMib(wrong)).toBeUndefined();
    expect(parseGib('512M')).toBeUndefined();
  });

  it('are written in the largest unit', () => {
    expect([memory(512), memory(1536)]).toEqual(['512 MiB', '1.5 GiB']);
    expect(slice({ cpuCores: 1, memoryMib: 2048, diskGib: 5 })).toBe('1 core, 2 GiB memory, 5 GiB disk');
  });
});

describe('durations', () => {
  it('have two units and round down', () => {
    expect([0, 999, 59_999, 3_600_000, 8_099_000, 90_000_000, -5].map(duration)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 h',
      '2 h 14 min',
      '1 d 1 h',
      '0 s',
    ]);
  });
});

describe('tables', () => {
  it('align, and take the sting out of what strangers wrote', () => {
    const rows = [
      { id: 7, text: 'red \u001b[31malert\u202e' },
      { id: 10, text: 'ok' },
    ];
    const columns = [
      { title: 'ID', value: ({ id }: { id: number }) => String(id), right: true },
      { title: 'TEXT', value: ({ text }: { text: string }) => text },
    ];
    expect(table(rows, columns)).toBe('ID  TEXT\n 7  red ?[31malert?\n10  ok');
  });
});

describe('JSON', () => {
  it('has amounts as text', () => {
    expect(toJson({ a: 2n ** 70n })).toBe('{\n  "a": "1180591620717411303424"\n}');
  });
});

describe('what a node or a provider says', () => {
  const HOSTILE = '\u001b]0;mine\u0007\u009b31m\rpaid \u202eelif';

  it('is printed without what a terminal obeys, whichever command prints it', async () => {
    const command = new Command('hamster');
    addConfigOptions(command, settings);
    command.parse([], { from: 'user' });
    const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    const { signal } = new AbortController();
    const host = { terminal, env: {}, signal, leaveInterrupts: () => () => undefined, self: [] };
    const { context } = await contextOf(host, command);
    context.print(`one\n\ttwo ${HOSTILE}`);
    context.tell(HOSTILE);
    terminal.output.end();
    terminal.errors.end();
    expect(await text(terminal.output)).toBe('one\n\ttwo ?]0;mine??31m?paid ?elif\n');
    expect(await text(terminal.errors)).toBe('?]0;mine??31m?paid ?elif\n');
  });

  it('is the same in JSON, and harms no terminal there', () => {
    const json = toJson({ why: HOSTILE });
    expect(JSON.parse(json)).toEqual({ why: HOSTILE });
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/);
  });
});
