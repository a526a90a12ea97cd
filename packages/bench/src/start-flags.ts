import { readFile } from 'node:fs/promises';
import { BenchError } from './errors.ts';

const MANIFEST = new URL('../../../package.json', import.meta.url);

/** The flags of Node.js with which `pnpm node` or `pnpm gateway` starts a daemon: it is measured as operators have it. */
export async function startFlags(script: 'node' | 'gateway'): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { scripts: Record<string, string> };
  const start = scripts[script];
  if (start === undefined) throw new BenchError('BENCH_PROCESS', `package.json has no script "${script}"`);
  return start.split(' ').filter((word) => word.startsWith('--'));
}
