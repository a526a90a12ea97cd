import { appendFile, mkdtemp, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  boundConsoleLogs,
  CONSOLE_LOG_BYTES,
  consoleTail,
  prepareDirectories,
  renewConsoleLog,
} from '../src/libvirt/console-log.ts';
import { machineNames } from '../src/libvirt/names.ts';

describe('the log of a console', () => {
  let stateDir: string;
  const chain = 'a chain';
  const logOf = (leaseId: string, of = chain) => machineNames(of, leaseId, stateDir).consoleLog;
  const much = Buffer.alloc(CONSOLE_LOG_BYTES + 4096, 'x');

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'hamster-consoles-'));
    await prepareDirectories(stateDir);
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  it('is emptied when it is too large, and only then, and only on its own chain', async () => {
    await writeFile(logOf('1'), much);
    await writeFile(logOf('2'), 'little');
    await writeFile(logOf('1', 'another chain'), much);
    await boundConsoleLogs({ stateDir, chain });
    expect((await stat(logOf('1'))).size).toBe(0);
    expect((await stat(logOf('2'))).size).toBe(6);
    expect((await stat(logOf('1', 'another chain'))).size).toBe(much.length);
  });

  it('counts what it takes, not where its writer stands', async () => {
    // As QEMU does that does not append: it goes on behind what was emptied.
    const writer = await open(logOf('1'), 'w');
    await writer.write(much);
    await boundConsoleLogs({ stateDir, chain });
    await writer.write('the end');
    await boundConsoleLogs({ stateDir, chain });
    await writer.close();
    expect((await stat(logOf('1'))).size).toBe(much.length + 7);
    expect(await consoleTail(logOf('1'))).toBe('the end');
  });

  it('of none at all is no problem', async () => {
    await boundConsoleLogs({ stateDir: join(stateDir, 'nowhere'), chain });
  });

  it('begins empty at each start, without what virtlogd kept', async () => {
    await writeFile(logOf('1'), 'before');
    await writeFile(`${logOf('1')}.0`, 'long before');
    await renewConsoleLog(logOf('1'));
    expect(await consoleTail(logOf('1'))).toBe('(nothing)');
    expect((await stat(logOf('1'))).mode & 0o777).toBe(0o600);
    await expect(stat(`${logOf('1')}.0`)).rejects.toMatchObject({ code: 'ENOENT' });
    await appendFile(logOf('1'), 'Kernel panic\r\n\x1B[0m');
    expect(await consoleTail(logOf('1'))).toBe('Kernel panic [0m');
  });

  it('is read at its end alone, however long it is', async () => {
    await writeFile(logOf('1'), '');
    await truncate(logOf('1'), 2 ** 40);
    await appendFile(logOf('1'), 'at the end');
    expect(await consoleTail(logOf('1'))).toBe('at the end');
  });
});
