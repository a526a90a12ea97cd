import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pollUntil } from '../../src/host/poll.ts';
import { runCommand } from '../../src/host/run-command.ts';
import { addWithLibraries } from '../../src/images/initramfs.ts';

export const FRAMES_PROGRAM = fileURLToPath(new URL('frames.pl', import.meta.url));
const PERL = '/usr/bin/perl';
const LIMIT_MS = 60_000;

/** A frame that came to the host's network stack, or went from it to the guest. */
export type SeenFrame = { card: string; direction: 'in' | 'out'; frame: Buffer };

/** Sees what of a guest's frames the host takes in, on whatever card, and what it sends to the guest. Needs root. */
export class FrameWatch {
  readonly #tap: string;
  readonly #seen: SeenFrame[] = [];
  #program: ChildProcess | undefined;

  constructor(tap: string) {
    this.#tap = tap;
  }

  async start(): Promise<void> {
    const program = spawn(PERL, [FRAMES_PROGRAM, 'watch', this.#tap], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#program = program;
    const lines = createInterface({ input: program.stdout });
    const ready = once(lines, 'line', { signal: AbortSignal.timeout(LIMIT_MS) });
    await ready;
    lines.on('line', (line) => {
      const [card = '', direction, hex = ''] = line.split(' ');
      this.#seen.push({
        card,
        direction: direction === 'out' ? 'out' : 'in',
        frame: Buffer.from(hex, 'hex'),
      });
    });
  }

  /** All that was seen until one with `last` in it was. */
  async until(last: Buffer): Promise<readonly SeenFrame[]> {
    const found = (): Promise<true | undefined> =>
      Promise.resolve(this.#seen.some(({ frame }) => frame.includes(last)) || undefined);
    await pollUntil(found, { signal: AbortSignal.timeout(LIMIT_MS), intervalMs: 50 });
    return this.#seen.splice(0);
  }

  async stop(): Promise<void> {
    if (this.#program?.exitCode !== null) return;
    const exited = once(this.#program, 'exit');
    this.#program.kill();
    await exited;
  }
}

/** The host's perl with all that it needs, as a tarball in base64 that unpacks into a directory of its own. */
export async function packedPerl(): Promise<string> {
  const root = await mkdtemp(join(os.tmpdir(), 'hamster-perl-'));
  try {
    await addWithLibraries({ work: root, run: runCommand, progress: () => undefined }, root, PERL);
    const names = await readdir(root);
    await runCommand('tar', ['-C', root, '-czf', `${root}.tgz`, ...names]);
    return await readFile(`${root}.tgz`, 'base64');
  } finally {
    await rm(root, { recursive: true });
    await rm(`${root}.tgz`, { force: true });
  }
}
