/** The parts of an OpenAPI document that a test goes by. */
export interface ServedDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

interface DocumentedOperation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: object;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** One documented way to call, by its name in the tests: `PATCH /settings`. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Answered without the token. */
  readonly isOpen: boolean;
  readonly parameters: readonly Parameter[];
  /** Undefined where no body is taken. */
  readonly bodySchema: object | undefined;
  readonly responses: Readonly<Record<string, Content>>;
}

/** What a documented answer is: its content type, and the schema of its body. */
export interface DocumentedAnswer {
  readonly type: string;
  readonly schema: object;
}

export function operationsOf({ paths }: ServedDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, { security, parameters, requestBody, responses }]) => {
      const method = verb.toUpperCase();
      return {
        name: `${method} ${path}`,
        method,
        path,
        isOpen: security?.length === 0,
        parameters: parameters ?? [],
        bodySchema: requestBody?.content?.['application/json']?.schema,
        responses,
      };
    }),
  );
}

/** What the document says of this status: its own entry, or that of its class, such as `4XX`. */
export function answerFor({ responses }: Operation, status: number): DocumentedAnswer | undefined {
  const { content = {} } = responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? {};
  const [found] = Object.entries(content);
  return found && { type: found[0], schema: found[1].schema };
}
