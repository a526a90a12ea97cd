import { runProgram } from '../../src/index.ts';

/** A folder in which nothing can be written any more, as on a disk that fails; to be undone from within the test. */
export async function makeReadOnly(path: string): Promise<void> {
  await run('mount', '--bind', path, path);
  await run('mount', '-o', 'remount,bind,ro', path);
}

export function makeWritable(path: string): Promise<void> {
  return run('umount', path);
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runProgram(program, args, { signal: AbortSignal.timeout(20_000) });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
}
