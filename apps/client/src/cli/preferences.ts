import { join } from 'node:path';
import { readJsonState, Type, writeJsonState } from '@hamster/daemon';
import type { Static } from '@hamster/daemon';

const Schema = Type.Object({
  /** Name or address of the account to use when none is named. */
  defaultAccount: Type.Optional(Type.String()),
});

export type Preferences = Static<typeof Schema>;

export async function readPreferences(home: string): Promise<Preferences> {
  return (await readJsonState(fileIn(home), Schema)) ?? {};
}

export async function writePreferences(home: string, preferences: Preferences): Promise<void> {
  await writeJsonState(fileIn(home), preferences);
}

function fileIn(home: string): string {
  return join(home, 'client.json');
}
