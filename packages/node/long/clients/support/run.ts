import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Standard output of a program; rejects with all that it said when it fails or takes too long. */
export async function output(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { cwd, timeoutMs: timeout, env = {} } = options;
  const { stdout } = await run(program, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 2 ** 20,
  });
  return stdout;
}

/** A folder that is kept between runs, for what takes minutes to build or to install. */
export async function cacheFolder(name: string): Promise<string> {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(base, 'hamster-clients', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Installs what `<name>/package.json` names, away from this workspace's own versions; answers where. */
export async function installNpm(name: string, timeoutMs: number): Promise<string> {
  const folder = await cacheFolder(name);
  const manifest = fileURLToPath(new URL(`../${name}/package.json`, import.meta.url));
  await copyFile(manifest, join(folder, 'package.json'));
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await output('npm', flags, { cwd: folder, timeoutMs });
  return folder;
}
