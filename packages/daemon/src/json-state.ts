import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Value } from 'typebox/value';
import type { Static, TSchema } from 'typebox';
import { DaemonError, sentenceOf } from './errors.ts';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** Makes a directory that only its owner may enter. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Writes a file that only its owner may read. A crash leaves the old file or the new one, never half of one. Throws an error with the
 * system's own code, such as `ENOSPC`, that says which file could not be written.
 */
export function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  return writeAt(path, content, (temporary) => rename(temporary, path));
}

/** The same for a file that must not be there yet: of several who write it at once one does, and the others leave what he wrote. */
export function writeNewPrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  return writeAt(path, content, async (temporary) => {
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(temporary);
  });
}

async function writeAt(
  path: string,
  content: string | Uint8Array,
  put: (temporary: string) => Promise<void>,
): Promise<void> {
  await makePrivateDirectory(dirname(path));
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY_FILE);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await put(temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/** Writes a value as indented JSON, atomically, readable by its owner only. */
export async function writeJsonState(path: string, value: unknown): Promise<void> {
  await writePrivateFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A file of JSON, and what to do where it cannot be used. */
export interface JsonFile {
  readonly path: string;
  readonly help: string;
}

/**
 * Reads JSON that fits the schema; `undefined` when there is no such file.
 * Throws `STATE_UNREADABLE` for a file that is damaged or of another shape: it is never overwritten silently.
 */
export async function readJsonState<S extends TSchema>(
  path: string,
  schema: S,
): Promise<Static<S> | undefined> {
  return readJsonFile({ path, help: 'Mend the file, or move it away to start afresh.' }, schema);
}

/** The same for a file that is not this program's own. */
export async function readJsonFile<S extends TSchema>(
  file: JsonFile,
  schema: S,
): Promise<Static<S> | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : shaped(file, schema, parse(file, text));
}

/** The value that came from that file, when it fits the schema. Throws `STATE_UNREADABLE`. */
export function shaped<S extends TSchema>(file: JsonFile, schema: S, value: unknown): Static<S> {
  if (Value.Check(schema, value)) return value as Static<S>;
  const [first] = Value.Errors(schema, value);
  throw unreadable(file, first ? `${first.instancePath || 'it'} ${wrongIn(first)}` : 'it has another shape');
}

/** The words of the library, but that it does not say which values are allowed. */
const wrongIn = (error: ReturnType<typeof Value.Errors>[number]): string =>
  error.keyword === 'enum' ? `must be one of ${error.params.allowedValues.join(', ')}` : error.message;

async function readIfThere(file: JsonFile): Promise<string | undefined> {
  try {
    return await readFile(file.path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file, sentenceOf(error));
  }
}

function parse(file: JsonFile, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, sentenceOf(error));
  }
}

const unreadable = ({ path, help }: JsonFile, reason: string): DaemonError =>
  new DaemonError('STATE_UNREADABLE', `Cannot use ${path}: ${reason}. ${help}`);

const NO_ROOM = ['ENOSPC', 'EDQUOT'];

/** The system's words name a temporary file, or none at all. */
export function unwritable(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) return cause;
  const { code } = cause;
  const message = NO_ROOM.includes(code)
    ? `Cannot write ${path}: there is no room left (${code}). Free some of that disk, and try again.`
    : `Cannot write ${path}: the file system does not let this user do so (${code}). Change that, or choose another folder.`;
  return new DaemonError(code, message, { cause });
}
