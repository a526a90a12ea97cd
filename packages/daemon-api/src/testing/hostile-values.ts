const DEEP = 10_000;

/** Texts that are no JSON that an API could take, each with its status. */
export const UNREADABLE: readonly (readonly [text: string, status: number])[] = [
  ['', 400],
  ['{', 400],
  ['{"a":1,}', 400],
  ['{"a":NaN}', 400],
  ['{"a":-Infinity}', 400],
  ["{'a':1}", 400],
  ['{"a":1}\0', 400],
  ['\0', 400],
  ['['.repeat(DEEP), 400],
  ['{"__proto__":{"admin":true}}', 400],
  ['{"constructor":{"prototype":{"admin":true}}}', 400],
  [JSON.stringify({ filler: 'x'.repeat(70_000) }), 413],
];

/** JSON that no body is, whatever the schema. */
export const WRONG_DOCUMENTS: readonly string[] = [
  'null',
  'true',
  '1e20',
  '"text"',
  '[]',
  '[{}]',
  '{}',
  '{"":1}',
  '{"no such thing":1}',
  `{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
];

const WRONG_NUMBERS = ['1', 'NaN', -1, -0.5, 1.5, 1e20, 1e308, null, true, [], [1], {}];
const WRONG_TEXTS = [
  ...[
    0,
    1e20,
    null,
    true,
    [],
    {},
    '',
    ' ',
    'NaN',
    'Infinity',
    '-1',
    '1e20',
    '0x10',
    '1\0',
    '\u0661',
    '1,5',
    '.5',
    '1.',
  ],
  '9'.repeat(5_000),
];
const WRONG_SWITCHES = [0, 1, 'true', 'false', '', null, [], {}];
const WRONG_OBJECTS = [null, true, 0, 'text', [], [{}]];

interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/**
 * Values for this schema of which none can be meant: one part at a time is wrong, the rest is as in `taken`, or left out.
 */
export function hostileValues(schema: Schema, taken: unknown = {}): unknown[] {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return WRONG_NUMBERS;
    case 'string':
      return WRONG_TEXTS;
    case 'boolean':
      return WRONG_SWITCHES;
    case 'object':
      return [...WRONG_OBJECTS, ...withinObject(schema.properties ?? {}, taken as Taken)];
    default:
      return allWrong(schema.anyOf ?? []);
  }
}

type Taken = Readonly<Record<string, unknown>>;

function withinObject(properties: Readonly<Record<string, Schema>>, taken: Taken): unknown[] {
  const parts = Object.entries(properties).flatMap(([name, part]) =>
    hostileValues(part, taken[name]).map((value) => ({ ...taken, [name]: value })),
  );
  return [{}, { ...taken, 'no such thing': 1 }, ...parts];
}

/** What is right by one of several schemas is not wrong. */
function allWrong(schemas: readonly Schema[]): unknown[] {
  const isNullable = schemas.some(({ type }) => type === 'null');
  return schemas
    .filter(({ type }) => type !== 'null')
    .flatMap((schema) => hostileValues(schema))
    .filter((value) => !(isNullable && value === null));
}
