import { readFile } from 'node:fs/promises';
import { BenchError } from '../errors.ts';

const MANIFEST = new URL('../../../../package.json', import.meta.url);

/** The flags of Node.js with which `pnpm gateway` starts a gateway: it is measured as operators have it. */
export async function gatewayFlags(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { scripts: Record<string, string> };
  const start = scripts['gateway'];
  if (start === undefined) throw new BenchError('BENCH_PROCESS', 'package.json has no script "gateway"');
  return start.split(' ').filter((word) => word.startsWith('--'));
}
