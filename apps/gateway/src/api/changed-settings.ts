import { readJsonState, writeJsonState } from '@hamster/daemon';
import type { Static } from '@hamster/daemon';
import { KeptSettings, type Settings, type SettingsChange } from './settings-forms.ts';

/**
 * What was changed while the daemon ran, kept over restarts. The last word counts: a change beats the setting that
 * stood when it was made, and a setting that is another one at a later start beats the change.
 */
export interface ChangedSettings {
  /** What still counts of it. */
  current(): SettingsChange;
  /** Writes the change down before `act` carries it out. One change happens after the other. Throws what the disk says. */
  change<T>(change: SettingsChange, act: () => T): Promise<T>;
}

type Kept = Static<typeof KeptSettings>;

/** @param configured what flags and file say at this start. Throws DaemonError STATE_UNREADABLE. */
export async function openChangedSettings(path: string, configured: Settings): Promise<ChangedSettings> {
  let kept: Kept = (await readJsonState(path, KeptSettings)) ?? {};
  let turn: Promise<unknown> = Promise.resolve();

  async function changeNow<T>(change: SettingsChange, act: () => T): Promise<T> {
    const next = {
      limits: { ...kept.limits, ...saidIn(change.limits, configured.limits) },
      claim: { ...kept.claim, ...saidIn(change.claim, configured.claim) },
    } as Kept;
    await writeJsonState(path, next);
    kept = next;
    return act();
  }

  return {
    current: () => ({
      limits: stillCounting(kept.limits, configured.limits),
      claim: stillCounting(kept.claim, configured.claim),
    }),
    change(change, act) {
      const mine = turn.then(() => changeNow(change, act));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

interface Said {
  readonly value: unknown;
  readonly insteadOf: unknown;
}

function saidIn(change: object = {}, configured: object): Record<string, Said> {
  const settings = new Map(Object.entries(configured));
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, { value, insteadOf: settings.get(name) }]));
}

function stillCounting(kept: object = {}, configured: object): object {
  const settings = new Map(Object.entries(configured));
  const said = Object.entries(kept) as [string, Said | undefined][];
  const counting = said.filter(([name, one]) => one !== undefined && one.insteadOf === settings.get(name));
  return Object.fromEntries(counting.map(([name, one]) => [name, one?.value]));
}
