import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ManagedProcess } from '../../src/index.ts';

/** What becomes of a process's wall clock. */
export interface ClockChange {
  readonly jumpMs?: number;
  /** How fast it goes from then on; 1 is right. */
  readonly rate?: number;
  /** How far the clock that nobody sets has come meanwhile, as if the time had gone by; ms. */
  readonly elapsedMs?: number;
}

/** The environment of a process whose clock can be set. */
export function settableClock(file: string): NodeJS.ProcessEnv {
  const preload = fileURLToPath(new URL('./shift-clock.ts', import.meta.url));
  return { NODE_OPTIONS: `--import ${preload}`, HAMSTER_CLOCK_FILE: file };
}

/** Sets the clock of a process that was started so; resolves when it is set. */
export async function setClock(
  process: ManagedProcess,
  file: string,
  change: ClockChange,
  signal: AbortSignal,
): Promise<void> {
  await writeFile(file, JSON.stringify(change));
  const isSet = process.printedNext(/the clock says/, signal);
  process.kill('SIGUSR2');
  await isSet;
}
