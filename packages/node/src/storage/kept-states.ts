import { DEFAULT_PRUNING, lastPruned, type Pruning } from '@hamster/state';
import type { RootDatabase } from 'lmdb';
import { NodeError } from '../errors.ts';
import type { OpenDatabase } from './database.ts';

/** Under this key the database keeps which states it was told to keep. */
const KEPT = 'kept-states';

type Place = Pick<OpenDatabase, 'env' | 'path'>;

/**
 * Which states the chain is to keep: what is `wanted`, or what its database was told before; for `keepStates`. Throws NODE_PRUNING for
 * an archive of which something is gone, and for less than all of an archive: that would leave old states with holes in them. Before the
 * chain has begun nothing is kept, whatever a node wanted that was killed meanwhile.
 */
export function keptStates({ env, path }: Place, wanted: Pruning | undefined, isBegun: boolean): Pruning {
  const before = env.get(KEPT) as Pruning | undefined;
  const kept = wanted ?? before ?? DEFAULT_PRUNING;
  const gone = lastPruned(env);
  if (kept === 'archive' && gone > 0) throw notAll(path, gone, before ?? DEFAULT_PRUNING);
  if (isBegun && before === 'archive' && kept !== 'archive') throw onlyAll(path, kept);
  return kept;
}

/** Tells the database which states it keeps from now on. */
export function keepStates(env: RootDatabase, kept: Pruning): void {
  if (env.get(KEPT) !== kept) env.putSync(KEPT, kept);
}

const notAll = (path: string, gone: number, before: Pruning): NodeError =>
  new NodeError(
    'NODE_PRUNING',
    `${path} cannot become an archive: the states before block #${gone} are pruned. Go on with --pruning ${before}, ` +
      'or purge the chain and have its blocks executed again, from the network or from an export, with --pruning archive.',
  );

const onlyAll = (path: string, kept: number): NodeError =>
  new NodeError(
    'NODE_PRUNING',
    `${path} is an archive, which cannot be cut down to ${kept} blocks of state. Go on with --pruning archive, ` +
      `or export its blocks, purge the chain and import them with --pruning ${kept}.`,
  );
