import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runApp } from '@hamster/testing';
import type { CommandResult } from '@hamster/testing';

/** A person with an empty home directory who types `hamster` commands. */
export interface Person {
  readonly home: string;
  hamster(args: readonly string[], env?: Record<string, string>, input?: string): Promise<CommandResult>;
  leave(): Promise<void>;
}

const TIMEOUT_MS = 60_000;

export async function newPerson(flags: readonly string[] = []): Promise<Person> {
  const home = await mkdtemp(join(tmpdir(), 'hamster-person-'));
  return {
    home,
    hamster(args, env = {}, input = '') {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      return runApp('client', [...flags, ...args], { signal, env: { HOME: home, ...env }, input });
    },
    leave: () => rm(home, { recursive: true }),
  };
}
