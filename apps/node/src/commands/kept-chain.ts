import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@hamster/daemon';
import { chainFolder } from '@hamster/node';
import { inPlace } from '../open-node.ts';
import { placeOf, type CommandContext } from './context.ts';

/** Where the blocks and the state of the command's chain are kept, or would be. */
export const databaseOf = ({ chainSpec, settings }: CommandContext): string =>
  join(chainFolder(placeOf(settings), chainSpec.id), 'db');

/** Whether anything is kept there. Throws `DaemonError` BASE_PATH_UNUSABLE where nobody may look. */
export const isKept = (context: CommandContext): Promise<boolean> =>
  inPlace(placeOf(context.settings), () => isThere(databaseOf(context)));

/** For commands on blocks that are here: at a place that was mistyped they would begin a chain. Throws `ConfigError`. */
export async function requireKept(context: CommandContext): Promise<void> {
  if (await isKept(context)) return;
  const { chainSpec } = context;
  throw new ConfigError([
    `There is no ${databaseOf(context)}, where the chain "${chainSpec.name}" would be: --base-path and --chain say which one is meant.`,
  ]);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
