import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { answerFor, operationsOf, type Operation, type ServedDocument } from './served-document.ts';

/** Where an API serves, and the file with its token. */
export interface ServedApi {
  readonly url: string;
  readonly tokenPath: string;
}

export interface Ask {
  /** Values for the `{name}` parts of the path. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** Default `application/json` where there is a body. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ASK_MS = 15_000;
const EVENT_STREAM = 'text/event-stream';

/** A served API held against the OpenAPI document that it serves: no answer may be of a status or a shape that is not in it. */
export class ApiContract {
  readonly url: string;
  readonly operations: readonly Operation[];
  readonly #token: string;
  readonly #document: ServedDocument;
  readonly #ajv = new Ajv2020({ allErrors: true, strict: true, validateFormats: false });
  readonly #succeeded = new Set<string>();

  private constructor(url: string, token: string, document: ServedDocument) {
    this.url = url;
    this.#document = document;
    this.#token = token;
    this.operations = operationsOf(document);
  }

  /** Reads the document. */
  static async open({ url, tokenPath }: ServedApi): Promise<ApiContract> {
    const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(ASK_MS) });
    const document = (await answer.json()) as ServedDocument;
    return new ApiContract(url, (await readFile(tokenPath, 'utf8')).trim(), document);
  }

  /** The document has to be OpenAPI itself. */
  async expectSound(): Promise<void> {
    const { valid, errors } = await new Validator().validate(structuredClone({ ...this.#document }));
    expect(valid, `the OpenAPI document: ${JSON.stringify(errors)}`).toBe(true);
  }

  get bearer(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#token}` };
  }

  /** Calls a documented operation with the token, and fails unless its answer has this status and is as documented. */
  async ask(name: string, status: number, ask: Ask = {}): Promise<unknown> {
    const answer = await this.send(this.operation(name), {
      ...ask,
      headers: { ...this.bearer, ...ask.headers },
    });
    expect(answer.status, `${name}: ${JSON.stringify(answer.body)}`).toBe(status);
    return answer.body;
  }

  /** Calls as told, without a token unless the headers have it, and fails unless the answer is as documented. */
  async send(operation: Operation, ask: Ask): Promise<Answer> {
    const answer = await fetch(this.url + pathOf(operation, ask), requestOf(operation, ask));
    const body = await this.#checkedBody(operation, answer);
    if (answer.ok) this.#succeeded.add(operation.name);
    return { status: answer.status, body };
  }

  operation(name: string): Operation {
    return this.operations.find((one) => one.name === name) ?? expect.fail(`${name} is not documented`);
  }

  /** Documented operations that have not given a success yet. */
  untried(): string[] {
    return this.operations.map(({ name }) => name).filter((name) => !this.#succeeded.has(name));
  }

  /** Whether a value fits a schema of the document. */
  fits(schema: object, value: unknown): boolean {
    return this.#ajv.validate(schema, value);
  }

  async #checkedBody(operation: Operation, answer: Response): Promise<unknown> {
    const { status, headers } = answer;
    const documented = answerFor(operation, status);
    const body = documented?.type === EVENT_STREAM ? await firstEvent(answer) : await bodyOf(answer);
    const told = `${operation.name} → ${status} ${JSON.stringify(body)}`;
    if (documented === undefined) return expect.fail(`${told}: this status is not documented`);
    expect(headers.get('content-type'), told).toContain(documented.type);
    const isAsDocumented = this.#ajv.validate(documented.schema, body);
    expect(isAsDocumented, `${told}: ${this.#ajv.errorsText()}`).toBe(true);
    return body;
  }
}

function pathOf({ path }: Operation, { params = {}, query = '' }: Ask): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name]))) + query;
}

function requestOf({ method }: Operation, { body, contentType, headers }: Ask): RequestInit {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  return {
    method,
    headers: { ...(text !== undefined && { 'content-type': contentType ?? 'application/json' }), ...headers },
    ...(text !== undefined && { body: text }),
    redirect: 'manual',
    signal: AbortSignal.timeout(ASK_MS),
  };
}

async function bodyOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return isJson ? (JSON.parse(text) as unknown) : text;
}

/** The stream would not end by itself. */
async function firstEvent({ body }: Response): Promise<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value = '' } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value;
}
