import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { damaged } from './damage.ts';

const WALKER = fileURLToPath(new URL('../database-walker.ts', import.meta.url));

/** How the walker ends that found damage; what it found stands in the last line of its standard error. */
export const DAMAGE_EXIT = 3;
/** How a process ends that met a page which leads nowhere. */
const CRASHES: readonly unknown[] = ['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGTRAP'];
/** What V8 says before it ends in the same way for want of memory. */
const NO_MEMORY = /^.*(?:Allocation failed|out of memory).*$/im;

/** ms without a word of it. A large database may take hours; a disk that is silent for so long does not answer. */
const PATIENCE = 120_000;
/** Characters of what it says. */
const MOST_WORDS = 4_096;
/** ms between two lines about how far it is. */
const PROGRESS_EVERY = 10_000;

export interface WalkOptions {
  /** Ends the walk early: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Pick<Logger, 'info' | 'warn'> | undefined;
  /** ms. Default 120 s. */
  readonly patience?: number;
  /** What is run, with the folder as its argument. Default: `database-walker.ts`. */
  readonly walker?: string;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error. */
  readonly said: string;
  readonly isSilent: boolean;
}

/**
 * Reads all of the database in a process of its own, which a damaged page may take down without a word: for a node that did not
 * end by itself, as after a power failure. Rejects with NODE_DATABASE_DAMAGED, and with NODE_DATABASE_UNCHECKED when that process
 * could not do its work, which says nothing of the database.
 */
export async function walkDatabase(folder: string, options: WalkOptions = {}): Promise<void> {
  const { code, signal, said, isSilent } = await runWalker(folder, options);
  options.signal?.throwIfAborted();
  if (code === 0) return;
  const reason = said.trim().split('\n').at(-1) ?? '';
  if (code === DAMAGE_EXIT) throw damaged(folder, reason);
  const [noMemory] = NO_MEMORY.exec(said) ?? [];
  if (CRASHES.includes(signal) && noMemory !== undefined) throw unchecked(folder, noMemory);
  if (CRASHES.includes(signal)) throw damaged(folder, 'some of its pages cannot be read');
  const { patience = PATIENCE } = options;
  throw unchecked(
    folder,
    isSilent
      ? `nothing of it could be read for ${patience / 1000} s`
      : reason || `the check was ended by ${signal ?? `code ${String(code)}`}`,
  );
}

async function runWalker(folder: string, options: WalkOptions): Promise<End> {
  const { signal, walker = WALKER, patience = PATIENCE } = options;
  const child = spawn(process.execPath, [walker, folder], {
    ...{ stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' },
    ...(signal && { signal }),
  });
  let isSilent = false;
  const alarm = setTimeout(() => {
    isSilent = true;
    child.kill('SIGKILL');
  }, patience);
  const closed = new Promise((resolve) => void child.once('close', resolve));
  const said = lastWords(child);
  await follow(child, () => alarm.refresh(), options.logger);
  await closed;
  clearTimeout(alarm);
  return { code: child.exitCode, signal: child.signalCode, said: said(), isSilent };
}

/** Tells of its progress, of which each line of standard output is a sign: how many records it has read, and of how many. */
async function follow(
  { stdout }: ChildProcess,
  onSign: () => void,
  logger: WalkOptions['logger'],
): Promise<void> {
  if (!stdout) return;
  let next = performance.now() + PROGRESS_EVERY;
  for await (const line of createInterface({ input: stdout })) {
    onSign();
    if (performance.now() < next) continue;
    next = performance.now() + PROGRESS_EVERY;
    const [records, of] = line.split(' ').map(Number);
    logger?.info({ records, of }, 'The database is being checked, since the node did not end by itself');
  }
}

/** Why it could not be started, or the end of what it has written to standard error. */
function lastWords(child: ChildProcess): () => string {
  let said = '';
  child.once('error', ({ message }) => (said = message));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-MOST_WORDS)));
  return () => said;
}

const unchecked = (folder: string, why: string): NodeError =>
  new NodeError(
    'NODE_DATABASE_UNCHECKED',
    `The database in ${folder} could not be checked, as it has to be behind a node that did not end by itself: ${why}. ` +
      'That does not mean that it is damaged, and nothing was changed: see to it that its disk answers and that there is memory and room, then start the node again.',
  );
