import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const WHOLE = /^-?\d+$/;

/**
 * Checks each part of a request. In paths and queries all is text, so that whole numbers are read there, and nothing else: the provider's own reading
 * would take 7.5 for 7.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = (part) => {
  const check = TypeBoxValidatorCompiler({ ...part, httpPart: 'body' });
  if (part.httpPart === 'body') return check;
  return (given: Readonly<Record<string, unknown>>) => check(withNumbers(part.schema, given));
};

function withNumbers(schema: TSchema, given: Readonly<Record<string, unknown>>): object {
  const { properties = {} } = schema as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
  const read = ([name, value]: readonly [string, unknown]) =>
    properties[name]?.type === 'integer' && typeof value === 'string' && WHOLE.test(value)
      ? [name, Number(value)]
      : [name, value];
  return Object.fromEntries(Object.entries(given).map(read));
}
