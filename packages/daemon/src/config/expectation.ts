import type { FieldSchema } from './fields.ts';

/** What a value must be, in words: "a whole number from 1 to 65535", "one of kvm, docker". */
export function expectationOf(schema: FieldSchema): string {
  const choices = choicesOf(schema);
  if (choices) return `one of ${choices.join(', ')}`;
  if (schema.type === 'array') return listExpectation(schema);
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number${rangeOf(schema.minimum, schema.maximum)}`;
  if (schema.type === 'number') return `a number${rangeOf(schema.minimum, schema.maximum)}`;
  return textExpectation(schema);
}

/** The values that a field may have, when its schema lists them. */
export function choicesOf(schema: FieldSchema): readonly string[] | undefined {
  if (schema.enum) return schema.enum.map(String);
  if (schema.anyOf?.every((arm) => arm.const !== undefined))
    return schema.anyOf.map((arm) => String(arm.const));
  return undefined;
}

function listExpectation(schema: FieldSchema): string {
  const item = schema.items ? expectationOf(schema.items) : 'text';
  const count = rangeOf(schema.minItems, schema.maxItems);
  return `a list${count && `${count.replace(' from', ' of')} entries`}, each ${item}`;
}

function textExpectation(schema: FieldSchema): string {
  if (schema.format)
    return `text in the form of ${/^[aeiou]/.test(schema.format) ? 'an' : 'a'} ${schema.format}`;
  if (schema.pattern) return `text that matches ${schema.pattern}`;
  const length = rangeOf(schema.minLength, schema.maxLength);
  return length ? `text${length.replace(' from', ' of')} characters` : 'text';
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}
