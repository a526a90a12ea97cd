import { DaemonError, type Logger } from '@hamster/daemon';
import { startNode, type ConsensusKeys, type KeyStore, type Node, type NodeOptions } from '@hamster/node';
import { createRuntime, type HamsterRuntime } from '@hamster/runtime';
import { codeEntries } from '@hamster/runtime-wasm';
import type { Settings } from './settings.ts';

export interface NodeParts {
  readonly chainSpec: NodeOptions['chainSpec'];
  /** Time between its blocks in ms. */
  readonly slotDuration: number;
  readonly keys: ConsensusKeys;
  /** Where keys are put that come while the node runs. */
  readonly keyStore?: KeyStore;
  /** Whether the node knows what the others know. Default: always. */
  readonly mayAuthor?: NodeOptions['mayAuthor'];
  readonly settings: Settings;
  readonly log: Logger;
  /** Ends a start that takes long. */
  readonly signal?: AbortSignal;
  /** Told when the node cannot go on. */
  readonly fail: (error: unknown) => void;
}

/** Starts the node as the settings say. Throws `DaemonError` BASE_PATH_UNUSABLE, and what `startNode` throws. */
export async function openNode({ slotDuration, settings, log, fail, ...modules }: NodeParts): Promise<Node> {
  const runtime = runtimeOf(slotDuration, log);
  return inPlace(settings.basePath, () =>
    startNode(
      {
        ...modules,
        ...placeOf(settings),
        manualSeal: settings.manualSeal,
        logger: log,
        onFailure: fail,
      },
      { runtime },
    ),
  );
}

/** The rules of a chain whose blocks are so many ms apart. */
export function runtimeOf(slotDuration: number, log: Logger): HamsterRuntime {
  return createRuntime({
    slotDuration: BigInt(slotDuration),
    code: codeEntries,
    report: ({ where, error }) =>
      log.error({ err: error, where }, 'A rule failed; the chain goes on without it'),
  });
}

/** Where the chain is kept, and how much of it. */
export function placeOf({
  basePath,
  pruning,
}: Settings): Pick<NodeOptions, 'basePath' | 'temporary' | 'pruning'> {
  return {
    ...(basePath === undefined ? { temporary: true } : { basePath }),
    ...(pruning === undefined ? {} : { pruning }),
  };
}

/** Says in a sentence that a base path cannot be used. */
export async function inPlace<T>(basePath: string | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw basePath !== undefined && isSystemError(error) ? unusable(basePath, error) : error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

const ROOM = 'Make room there and try again, or choose another directory with --base-path.';
const RIGHTS =
  'All of it has to belong to the user who runs the node (chown -R), or choose a directory that you may write to with --base-path.';
const HELP: Readonly<Record<string, string>> = { ENOSPC: ROOM, EDQUOT: ROOM, EACCES: RIGHTS, EPERM: RIGHTS };

function unusable(basePath: string, cause: NodeJS.ErrnoException): DaemonError {
  const help = HELP[cause.code ?? ''] ?? 'Choose a directory that you may write to with --base-path.';
  const message = `Cannot keep the chain in ${basePath} (${cause.message}). ${help}`;
  return new DaemonError('BASE_PATH_UNUSABLE', message, { cause });
}
