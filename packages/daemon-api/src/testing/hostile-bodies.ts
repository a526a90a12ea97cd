import { expect } from 'vitest';
import type { Answer, ApiContract, Ask } from './api-contract.ts';
import { hostileValues, UNREADABLE, WRONG_DOCUMENTS } from './hostile-values.ts';
import type { Operation } from './served-document.ts';

export interface HostileOptions {
  /** What no refused body may change. */
  readonly state: () => unknown;
  /** Values for the paths, by the operation's name. */
  readonly params?: Readonly<Record<string, Ask['params']>>;
  /** Where there are fields that must not be missing: a body that would be taken. One part of it at a time is made wrong. */
  readonly taken?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Bodies that are no mistake, by the operation's name, such as the empty one where it means everything. */
  readonly allowed?: Readonly<Record<string, readonly unknown[]>>;
}

/** Every operation that changes something refuses what cannot be meant: a sentence of the documented shape, and all is as it was. */
export async function expectHostileBodiesRefused(
  contract: ApiContract,
  options: HostileOptions,
): Promise<void> {
  const before = structuredClone(await options.state());
  for (const operation of contract.operations.filter(({ method }) => method !== 'GET')) {
    const params = options.params?.[operation.name];
    const refused = async (
      body: unknown,
      statuses: readonly number[],
      contentType?: string,
    ): Promise<void> => {
      const ask = { ...(params && { params }), body, ...(contentType !== undefined && { contentType }) };
      const answer = await contract.send(operation, { ...ask, headers: contract.bearer });
      const told = `${operation.name} with ${excerpt(body)} → ${JSON.stringify(answer)}`;
      expect(statuses, told).toContain(answer.status);
      expectSentence(answer, told);
      expect(await options.state(), told).toEqual(before);
    };
    for (const [body, status] of UNREADABLE) await refused(body, [status]);
    await refused('amount=1', [415], 'text/plain');
    await refused('amount=1', [415], 'application/x-www-form-urlencoded');
    for (const body of wrongFor(operation, options)) await refused(body, [400, 404, 409]);
  }
}

function wrongFor({ name, bodySchema }: Operation, { taken, allowed }: HostileOptions): string[] {
  if (bodySchema === undefined) return [];
  const right = new Set(allowed?.[name]?.map((body) => JSON.stringify(body)));
  const values = hostileValues(bodySchema, taken?.[name]).map((value) => JSON.stringify(value));
  return [...WRONG_DOCUMENTS, ...values].filter((text) => !right.has(text));
}

function expectSentence({ body }: Answer, told: string): void {
  const { code, message, ...more } = body as { readonly code: string; readonly message: string };
  expect(code, told).toMatch(/^[A-Z][A-Za-z_]+$/);
  expect(message, told).toMatch(/^[A-Z0-9"].{10,}[.>]$/s);
  expect(more, told).toEqual({});
}

function excerpt(body: unknown): string {
  return String(body).slice(0, 200);
}
