import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandOptions, CommandRunner } from '../host/run-command.ts';
import { runCommand } from '../host/run-command.ts';

export type BuildOptions = {
  signal?: AbortSignal;
  /** Told, in words, what the build does now. */
  onProgress?: (step: string) => void;
};

/** What every step of a build works with. */
export type BuildContext = {
  /** Scratch space on the file system of the catalogue, so that results can be moved into it in one step. */
  work: string;
  run: CommandRunner;
  progress(step: string): void;
};

const STEP_LIMIT_MS = 30 * 60_000;

/** Gives `build` a scratch directory and removes it afterwards. */
export async function withBuildContext<T>(
  catalogueDir: string,
  { signal, onProgress }: BuildOptions,
  build: (context: BuildContext) => Promise<T>,
): Promise<T> {
  await mkdir(catalogueDir, { recursive: true, mode: 0o711 });
  const work = await mkdtemp(join(catalogueDir, '.build-'));
  const run = (file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> =>
    runCommand(file, args, { timeoutMs: STEP_LIMIT_MS, signal, ...options });
  try {
    return await build({ work, run, progress: onProgress ?? (() => undefined) });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
