import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { ConfigField, FieldKind } from './fields.ts';

/** Where values come from, the strongest first. */
export interface ConfigSources {
  /** Commander's options: text, lists of text and booleans. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly file?: { readonly path: string; readonly content: unknown };
}

/** A raw value and the words that say where it was found. */
export interface Found {
  readonly value: unknown;
  readonly origin: string;
}

/** The first of: flag, environment (the app's own name, then the common one), file, default. */
export function find(field: ConfigField, sources: ConfigSources): Found | undefined {
  const found =
    fromFlags(field, sources) ?? fromEnv(field, sources) ?? fromFile(field, sources) ?? fromDefault(field);
  return found && { ...found, value: field.hints.path ? absolute(found.value) : found.value };
}

function fromFlags(field: ConfigField, { flags }: ConfigSources): Found | undefined {
  const value = field.flag === undefined ? undefined : flags?.[field.attribute];
  return value === undefined
    ? undefined
    : { value: convert(field.kind, value), origin: `flag ${field.flag}` };
}

function fromEnv(field: ConfigField, { env = {} }: ConfigSources): Found | undefined {
  const name = field.env.find((candidate) => env[candidate] !== undefined && env[candidate] !== '');
  if (name === undefined) return undefined;
  const text = env[name] ?? '';
  const value =
    field.kind === 'list' ? text.split(',').map((entry) => entry.trim()) : convert(field.kind, text);
  return { value, origin: `environment variable ${name}` };
}

function fromFile(field: ConfigField, { file }: ConfigSources): Found | undefined {
  if (!file) return undefined;
  const value = lookUp(file.content, field.path);
  return value === undefined ? undefined : { value, origin: `"${field.path.join('.')}" in ${file.path}` };
}

function fromDefault(field: ConfigField): Found | undefined {
  return field.hints.default === undefined ? undefined : { value: field.hints.default, origin: 'default' };
}

/** The value at a path inside plain JSON, or undefined. */
export function lookUp(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text from a flag or variable as the kind says; what does not parse stays text, for validation to name. */
function convert(kind: FieldKind, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'number') return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
  if (kind === 'boolean') return booleanOf(value);
  return value;
}

function booleanOf(text: string): boolean | string {
  if (['true', '1', 'yes', 'on'].includes(text.toLowerCase())) return true;
  return ['false', '0', 'no', 'off'].includes(text.toLowerCase()) ? false : text;
}

/** Of no text nothing is made: a variable that was not set would be the folder in which the command was typed. */
function absolute(value: unknown): unknown {
  return typeof value === 'string' && value !== '' ? resolve(value.replace(/^~(?=$|\/)/, homedir())) : value;
}
