import { readFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import type { Static, TObject, TProperties } from 'typebox';
import { DaemonError, EXIT_USAGE, sentenceOf } from '../errors.ts';
import type { ConfigDefinition } from './define-config.ts';
import { expectationOf } from './expectation.ts';
import type { ConfigField } from './fields.ts';
import { find, isRecord } from './sources.ts';
import type { ConfigSources } from './sources.ts';

/** One or more values are wrong; `problems` has a sentence for each. */
export class ConfigError extends DaemonError {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('CONFIG_INVALID', problems.join('\n'), { exitCode: EXIT_USAGE });
    this.problems = problems;
  }
}

/** Reads a JSON config file. Throws `ConfigError`. */
export async function readConfigFile(path: string): Promise<{ path: string; content: unknown }> {
  try {
    return { path, content: JSON.parse(await readFile(path, 'utf8')) as unknown };
  } catch (error) {
    throw new ConfigError([`Cannot read the config file ${path}: ${sentenceOf(error)}.`]);
  }
}

/** Puts the values together and checks them. Throws `ConfigError` with a sentence for every wrong value. */
export function resolveConfig<P extends TProperties>(
  definition: ConfigDefinition<P>,
  sources: ConfigSources,
): Static<TObject<P>> {
  const problems = sources.file ? unknownKeys(definition, sources.file.content, sources.file.path) : [];
  const values: Record<string, unknown> = {};
  for (const field of definition.fields) {
    const found = find(field, sources);
    if (!found) {
      place(values, field.path, undefined);
      if (field.required) problems.push(missing(field));
    } else if (Value.Check(field.schema, found.value)) {
      place(values, field.path, found.value);
    } else {
      problems.push(wrong(field, found.value, found.origin));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Static<TObject<P>>;
}

/** Sets a value in nested objects, making the ones on the way; undefined only makes them. */
function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    if (value !== undefined) target[key] = value;
    return;
  }
  const inner = target[key] ?? {};
  target[key] = inner;
  if (isRecord(inner)) place(inner, rest, value);
}

function unknownKeys(definition: ConfigDefinition<TProperties>, content: unknown, file: string): string[] {
  if (!isRecord(content)) return [`The config file ${file} must hold one JSON object.`];
  const known = new Set(
    definition.fields.flatMap(({ path }) => path.map((_, i) => path.slice(0, i + 1).join('.'))),
  );
  const leaves = new Set(definition.fields.map(({ path }) => path.join('.')));
  const walk = (value: Record<string, unknown>, parents: string): string[] =>
    Object.entries(value).flatMap(([key, inner]) => {
      const name = `${parents}${key}`;
      if (!known.has(name))
        return [`The config file ${file} has "${name}", which no setting is called. Remove it.`];
      return isRecord(inner) && !leaves.has(name) ? walk(inner, `${name}.`) : [];
    });
  return walk(content, '');
}

function missing(field: ConfigField): string {
  const places = [field.flag, field.env[0], `"${field.path.join('.')}" in the config file`].filter(Boolean);
  return `${nameOf(field)} is not set: give it as ${places.join(', or ')}. It is ${meaning(field)}.`;
}

function wrong(field: ConfigField, value: unknown, origin: string): string {
  const shown = field.hints.secret ? '(hidden)' : JSON.stringify(value);
  return `${nameOf(field)} is ${shown} (${origin}), but must be ${expectationOf(field.hints)}.`;
}

function nameOf(field: ConfigField): string {
  return field.flag ?? field.env[0] ?? field.path.join('.');
}

function meaning(field: ConfigField): string {
  const text = field.hints.description ?? expectationOf(field.hints);
  return text.charAt(0).toLowerCase() + text.slice(1);
}
