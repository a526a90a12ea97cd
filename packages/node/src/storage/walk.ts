import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { damaged } from './damage.ts';

const WALKER = fileURLToPath(new URL('../database-walker.ts', import.meta.url));
const PATIENCE_MS = 120_000;

/**
 * Reads all of the database in a process of its own, which a damaged page may take down without a word: for a node that did not
 * end by itself, as after a power failure. Throws NODE_DATABASE_DAMAGED.
 */
export function walkDatabase(folder: string): void {
  const walker = spawnSync(process.execPath, [WALKER, folder], { timeout: PATIENCE_MS, encoding: 'utf8' });
  if (walker.status === 0) return;
  const reason = walker.stderr.trim().split('\n').at(-1) ?? '';
  throw damaged(folder, walker.status === 1 && reason !== '' ? reason : 'some of its pages cannot be read');
}
