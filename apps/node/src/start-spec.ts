import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ChainSpec, RecognisedSpec } from '@hamster/node';
import { chainSpecOf, isBuiltIn, readChainSpec, slotDurationOf } from './chain-specs.ts';
import type { Settings } from './settings.ts';
import { forget, recall, remember } from './spec-record.ts';

/** A chain spec as a start needs it. */
export interface StartSpec {
  readonly spec: ChainSpec | RecognisedSpec;
  /** Time between blocks in ms. */
  readonly slotDuration: number;
  /** To be called with the `genesisSource` of the node that runs by it now: the next start may be quicker. */
  started(genesisSource: string): Promise<void>;
}

/**
 * The file system's clock may stand still for so many ms: a file that was written later than that before it was read could be
 * written again and look the same.
 */
const CLOCK_STEP_MS = 100;

/**
 * The spec of the chain to be run. One of a file that is as it was when a node was last started with it on this base path is
 * recognised by that, and not read: a large one takes seconds. Throws `ConfigError`.
 */
export async function startSpecOf(
  { chain, blockTimeMs, basePath }: Pick<Settings, 'chain' | 'blockTimeMs' | 'basePath'>,
  now: () => number = Date.now,
): Promise<StartSpec> {
  if (isBuiltIn(chain) || basePath === undefined) return plain(await chainSpecOf(chain, blockTimeMs));
  const file = { record: join(basePath, 'chain-spec-record.json'), path: resolve(chain) };
  return (await recognised(file)) ?? (await wholly(file, now()));
}

interface SpecFile {
  /** Where it is kept what was read. */
  readonly record: string;
  /** Of the spec itself, absolute. */
  readonly path: string;
}

const plain = (spec: ChainSpec): StartSpec => ({
  spec,
  slotDuration: slotDurationOf(spec),
  started: () => Promise.resolve(),
});

async function recognised({ record, path }: SpecFile): Promise<StartSpec | undefined> {
  const known = await recall(record);
  if (known?.path !== path || known.state !== (await stateOf(path))?.text) return undefined;
  const { outline, genesisSource, slotDuration } = known;
  return {
    spec: { ...outline, genesisSource, read: () => readChainSpec(path) },
    slotDuration,
    // It was read all the same, and is another one.
    started: (source) => (source === genesisSource ? Promise.resolve() : forget(record)),
  };
}

async function wholly({ record, path }: SpecFile, now: number): Promise<StartSpec> {
  const before = await stateOf(path);
  const spec = await readChainSpec(path);
  const after = await stateOf(path);
  const start = plain(spec);
  if (!before || before.text !== after?.text || now - before.changedAt < CLOCK_STEP_MS) return start;
  const { slotDuration } = start;
  const started = (genesisSource: string) =>
    remember(record, { path, state: before.text, spec, genesisSource, slotDuration });
  return { ...start, started };
}

interface FileState {
  /** Another text is another file, or other content: nobody sets the time of change by hand. */
  readonly text: string;
  /** ms since 1970. */
  readonly changedAt: number;
}

async function stateOf(path: string): Promise<FileState | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (!found) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return { text: [dev, ino, size, mtimeNs, ctimeNs].join(':'), changedAt: Number(found.ctimeMs) };
}
