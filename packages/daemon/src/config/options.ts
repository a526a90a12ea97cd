import { Option } from 'commander';
import type { Command } from 'commander';
import type { Static, TObject, TProperties } from 'typebox';
import type { ConfigDefinition } from './define-config.ts';
import { choicesOf, expectationOf } from './expectation.ts';
import type { ConfigField } from './fields.ts';
import { readConfigFile, resolveConfig } from './resolve-config.ts';

/** Gives a command one flag per config value, and `--config` for the file. */
export function addConfigOptions(command: Command, definition: ConfigDefinition<TProperties>): void {
  command.option('--config <file>', `JSON file with settings [${configVariable(definition.app)}]`);
  for (const field of definition.fields) optionsOf(field).forEach((option) => command.addOption(option));
}

/** Reads flags, environment and file of a parsed command. Throws `ConfigError`. */
export async function configOf<P extends TProperties>(
  command: Command,
  definition: ConfigDefinition<P>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Static<TObject<P>>> {
  const flags = command.optsWithGlobals<Record<string, unknown>>();
  const path = typeof flags['config'] === 'string' ? flags['config'] : env[configVariable(definition.app)];
  const file = path ? await readConfigFile(path) : undefined;
  return resolveConfig(definition, { flags, env, ...(file && { file }) });
}

/** The settings of an app as a Markdown table, for its reference page. */
export function describeConfig(definition: ConfigDefinition<TProperties>): string {
  const rows = definition.fields.map((field) => {
    const names = [field.flag, field.env[0], field.path.join('.')].map((name) =>
      name ? `\`${name}\`` : '–',
    );
    return `| ${[...names, expectationOf(field.hints), defaultText(field), field.hints.description ?? ''].join(' | ')} |`;
  });
  return [
    '| flag | environment | file | value | default | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function configVariable(app: string): string {
  return `HAMSTER_${app.replaceAll('-', '_').toUpperCase()}_CONFIG`;
}

function optionsOf(field: ConfigField): Option[] {
  if (field.flag === undefined) return [];
  const short = field.hints.short ? `-${field.hints.short}, ` : '';
  if (field.kind === 'boolean') {
    const positive = new Option(`${short}${field.flag}`, helpOf(field));
    const negative = new Option(field.flag.replace('--', '--no-'), field.hints.off ?? helpOf(field));
    return field.hints.default === true ? [positive.hideHelp(), negative] : [positive, negative.hideHelp()];
  }
  const placeholder = field.hints.placeholder ?? (field.kind === 'number' ? 'number' : 'text');
  const option = new Option(`${short}${field.flag} <${placeholder}>`, helpOf(field));
  return [field.kind === 'list' ? option.argParser(collect) : option];
}

function collect(value: string, previous: unknown): string[] {
  return [...(Array.isArray(previous) ? (previous as string[]) : []), value];
}

function helpOf(field: ConfigField): string {
  const choices = choicesOf(field.hints);
  const notes = [
    choices && `one of ${choices.join(', ')}`,
    field.kind === 'list' && 'may be repeated',
    field.required && 'required',
    field.hints.default !== undefined && field.kind !== 'boolean' && `default ${defaultText(field)}`,
  ].filter((note) => typeof note === 'string');
  return `${field.hints.description ?? ''}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

function defaultText(field: ConfigField): string {
  const value = field.hints.default;
  if (value === undefined) return field.required ? 'required' : 'none';
  return Array.isArray(value) ? value.join(',') || 'none' : String(value);
}
