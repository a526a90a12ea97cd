import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_LIMITS } from '@hamster/p2p';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChangedSettings } from '../src/api/changed-settings.ts';
import { limitsForm, limitsIn, type Settings } from '../src/api/settings-forms.ts';

const configured: Settings = {
  limits: limitsForm(RELAY_LIMITS),
  claim: { auto: true, minutes: 30, atLeast: '1' },
};

describe('settings that were changed while the gateway ran', () => {
  let folder: string;
  let path: string;
  const nothing = (): void => undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hamster-gateway-settings-'));
    path = join(folder, 'settings.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('outlive a restart, also where a bound was taken away', async () => {
    const bounded = { ...configured, limits: { ...configured.limits, circuitBytes: 5000 } };
    const changed = await openChangedSettings(path, bounded);
    await changed.change({ limits: { circuitBytes: null, circuits: 7 } }, nothing);
    await changed.change({ claim: { auto: false }, limits: { circuits: 8 } }, nothing);
    const again = (await openChangedSettings(path, bounded)).current();
    expect(again).toEqual({ limits: { circuitBytes: null, circuits: 8 }, claim: { auto: false } });
    expect(limitsIn(again)).toEqual({ circuitBytes: Infinity, circuits: 8 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('give way to a setting that is another one later, and to that one alone', async () => {
    const changed = await openChangedSettings(path, configured);
    await changed.change({ limits: { circuits: 7, bytesPerSecond: 1000 }, claim: { minutes: 5 } }, nothing);
    const later = { ...configured, limits: { ...configured.limits, circuits: 99 } };
    const current = (await openChangedSettings(path, later)).current();
    expect(current).toEqual({ limits: { bytesPerSecond: 1000 }, claim: { minutes: 5 } });
  });

  test('are written down before they are carried out, one change after the other', async () => {
    const changed = await openChangedSettings(path, configured);
    const seen: unknown[] = [];
    const note = (circuits: number) => (): void =>
      void seen.push(circuits, changed.current().limits?.circuits);
    await Promise.all([1, 2, 3].map((circuits) => changed.change({ limits: { circuits } }, note(circuits))));
    expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ limits: { circuits: { value: 3 } } });
  });

  test('change nothing that could not be written down', async () => {
    const changed = await openChangedSettings(join(folder, 'none', 'settings.json'), configured);
    await writeFile(join(folder, 'none'), 'a file where the directory should be');
    let done = 0;
    const act = (): void => void (done += 1);
    await expect(changed.change({ limits: { circuits: 7 } }, act)).rejects.toThrow();
    expect(done).toBe(0);
    expect(changed.current().limits).toEqual({});
  });

  test('are not guessed from a file that is damaged', async () => {
    await writeFile(path, '{"limits":{"circuits":{"value":"many","insteadOf":1}}}');
    await expect(openChangedSettings(path, configured)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
  });
});
