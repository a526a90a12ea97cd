import { DaemonError, sentenceOf, Type, type Logger } from '@hamster/daemon';
import type { FastifyError } from 'fastify';

const WHAT_REFUSALS_ARE = 'Why the request was not done';

/** The one shape of every answer that is not a success. */
export const ErrorBody = Type.Object(
  {
    code: Type.String({ description: 'Stable name of what went wrong, in capitals' }),
    message: Type.String({ description: 'A sentence for a person: what was wrong, and what to do' }),
  },
  { description: WHAT_REFUSALS_ARE },
);

/** For the OpenAPI document: JSON also where the route gives something else. */
export const REFUSAL = {
  description: WHAT_REFUSALS_ARE,
  content: { 'application/json': { schema: ErrorBody } },
};

/** A refusal with its HTTP status; the message is shown to whoever called. */
export class ApiError extends DaemonError {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, code: string, message: string, cause?: unknown) {
    super(code, message, { cause, fault: status >= 500 ? 'transient' : 'user' });
    this.status = status;
  }
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string };
}

/** `order` and `host`: as packages/machines names whose turn it is. */
const STATUS_OF_FAULT = { user: 409, order: 409, transient: 503, host: 503 } as const;

/** What the caller is told of anything thrown. What nobody foresaw is told to the log alone. */
export function answerOf(error: unknown, log: Logger): ErrorAnswer {
  if (error instanceof ApiError) return answer(error.status, error.code, error.message);
  if (isForeseen(error)) return answer(STATUS_OF_FAULT[error.fault], error.code, error.message);
  if (isOfFastify(error)) return answerOfFastify(error);
  if (isTimeout(error)) return answer(503, 'TIMED_OUT', TIMED_OUT);
  log.error({ err: error }, 'a request failed in a way that nobody foresaw');
  return answer(500, 'INTERNAL', 'The daemon failed at this request. Its log says why.');
}

interface Foreseen extends Error {
  readonly code: string;
  readonly fault: keyof typeof STATUS_OF_FAULT;
}

/** The errors of this package's neighbours: each has a code, a fault, and a sentence for a person. */
function isForeseen(error: unknown): error is Foreseen {
  if (!(error instanceof Error) || !('code' in error) || !('fault' in error)) return false;
  return typeof error.code === 'string' && Object.hasOwn(STATUS_OF_FAULT, String(error.fault));
}

export function notFound(method: string, url: string): ApiError {
  const [path] = url.split('?');
  return new ApiError(
    404,
    'NOT_FOUND',
    `There is no ${method} ${path}. GET /openapi.json lists what there is.`,
  );
}

function answer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { code, message } };
}

const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body of the request is too large.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be JSON: send it with content-type: application/json.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty, but content-type says JSON.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is no valid JSON.',
};

function answerOfFastify(error: FastifyError): ErrorAnswer {
  const status = error.statusCode ?? 400;
  if (error.validation) return answer(400, 'INVALID_REQUEST', sentenceOfValidation(error));
  if (status === 413) return answer(413, 'TOO_LARGE', SENTENCES['FST_ERR_CTP_BODY_TOO_LARGE'] ?? '');
  return answer(status, 'INVALID_REQUEST', SENTENCES[error.code] ?? sentenceOf(error));
}

function sentenceOfValidation({ validation = [], validationContext = 'body' }: FastifyError): string {
  const [first] = validation;
  const where = `${validationContext}${(first?.instancePath ?? '').replaceAll('/', '.')}`;
  return `The request is not as the OpenAPI document says: ${where} ${first?.message ?? 'is wrong'}.`;
}

const TIMED_OUT =
  'What the daemon had to ask for this, such as the chain, did not answer in time. Look how things stand, then try again.';

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** Fastify's own refusals are the caller's fault; its 5xx are not for the caller to read. */
function isOfFastify(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('code' in error || 'validation' in error)) return false;
  const { statusCode } = error as FastifyError;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500;
}
