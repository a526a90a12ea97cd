import { Type } from 'typebox';
import type { Static, TObject, TProperties } from 'typebox';
import { fieldsOf } from './fields.ts';
import type { ConfigField } from './fields.ts';

/** A config: one schema, from which come flags, environment names, validation and documentation. */
export interface ConfigDefinition<P extends TProperties> {
  readonly app: string;
  readonly schema: TObject<P>;
  readonly fields: readonly ConfigField[];
}

/** The values of a config, as the schema types them. */
export type ConfigOf<D> = D extends ConfigDefinition<infer P> ? Static<TObject<P>> : never;

/** What every process of the project can be told about its log. */
export type LogConfig = ReturnType<typeof logProperties>;

/** What every process with keys or state in a home directory can be told. */
export type CommonConfig = ReturnType<typeof commonProperties>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function commonProperties(app: string) {
  return {
    home: Type.String({
      default: `~/.hamster/${app}`,
      path: true,
      minLength: 1,
      placeholder: 'directory',
      description: 'Directory for keys and state; only its owner may read it',
    }),
    ...logProperties(),
  };
}

function logProperties() {
  return {
    logLevel: Type.Enum([...LOG_LEVELS], {
      default: 'info',
      placeholder: 'level',
      description: 'The least important messages to log',
    }),
    logJson: Type.Boolean({ default: false, description: 'Log JSON lines, also on a terminal' }),
  };
}

/**
 * Defines the config of one app from one TypeBox object schema.
 *
 * Leaves may be text, numbers, booleans, lists of text and choices, also inside nested objects; give each a
 * `description`, and a `default` unless it must be set. `FieldHints` lists the further keywords.
 * `home`, `logLevel` and `logJson` are added unless the schema has its own.
 */
export function defineConfig<P extends TProperties>(
  app: string,
  schema: TObject<P>,
): ConfigDefinition<Omit<CommonConfig, keyof P> & P> {
  const properties = { ...commonProperties(app), ...(schema.properties as P) };
  return defineBareConfig(app, Type.Object(properties) as TObject<Omit<CommonConfig, keyof P> & P>);
}

/** As `defineConfig`, for a process that is told in its own words where its state is: without `home`. */
export function defineHomelessConfig<P extends TProperties>(
  app: string,
  schema: TObject<P>,
): ConfigDefinition<Omit<LogConfig, keyof P> & P> {
  const own = schema.properties as P;
  // Named twice: what is the process's own comes first in help, and wins.
  const properties = { ...own, ...logProperties(), ...own };
  return defineBareConfig(app, Type.Object(properties) as TObject<Omit<LogConfig, keyof P> & P>);
}

/** As `defineConfig`, with nothing added: for a command that does not log. */
export function defineBareConfig<P extends TProperties>(
  app: string,
  schema: TObject<P>,
): ConfigDefinition<P> {
  return { app, schema, fields: fieldsOf(app, schema) };
}
