import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { ApiApp } from '../src/index.ts';
import { ApiContract, expectHostileBodiesRefused, expectStrangersRefused } from '../src/testing/index.ts';
import { serve } from './support.ts';

const Amount = Type.Object({ amount: Type.String({ pattern: '^\\d+$' }) }, { description: 'Money' });

/** One route that changes something, with whatever it does; and a state that a test may look at. */
async function contractWith(handler: (app: ApiApp, state: { sum: number }) => void) {
  const state = { sum: 0 };
  const { api } = await serve({ routes: (app) => handler(app, state) });
  return { contract: await ApiContract.open(api), state: () => state };
}

const lenient = (app: ApiApp, state: { sum: number }) =>
  app.post(
    '/sum',
    { schema: { summary: 'Adds', body: Type.Any(), response: { 200: Amount } } },
    async () => ({
      amount: String((state.sum += 1)),
    }),
  );

describe('an API held against its document', () => {
  it('is caught at an answer of another shape than it says', async () => {
    const { contract } = await contractWith((app) =>
      app.get('/wrong', { schema: { summary: 'Lies', response: { 200: Amount } } }, async () => ({
        amount: '-1',
      })),
    );
    await expect(contract.ask('GET /wrong', 200)).rejects.toThrow(/amount must match pattern/);
  });

  it('is caught at a status that it does not tell of', async () => {
    const { contract } = await contractWith((app) =>
      app.get('/wrong', { schema: { summary: 'Lies', response: { 200: Amount } } }, (_, reply) =>
        (reply as unknown as { redirect(to: string): never }).redirect('/health'),
      ),
    );
    await expect(contract.ask('GET /wrong', 302)).rejects.toThrow(/302 .* not documented/);
  });

  it('knows what was never tried with success', async () => {
    const { contract } = await contractWith(lenient);
    await contract.ask('GET /health', 200);
    await contract.ask('POST /sum', 400, { body: '{' });
    expect(contract.untried()).toEqual(['GET /openapi.json', 'GET /metrics', 'GET /events', 'POST /sum']);
    await expect(contract.ask('GET /none', 200)).rejects.toThrow('GET /none is not documented');
  });

  it('is caught when it takes a body that cannot be meant', async () => {
    const { contract, state } = await contractWith(lenient);
    await expect(expectHostileBodiesRefused(contract, { state })).rejects.toThrow(/POST \/sum with null/);
  });

  it('is caught when it lets a stranger in', async () => {
    const { contract } = await contractWith((app) =>
      app.get(
        '/open',
        { config: { open: true }, schema: { summary: 'Open', response: { 200: Amount } } },
        async () => ({ amount: '1' }),
      ),
    );
    await expect(expectStrangersRefused(contract)).rejects.toThrow(/GET \/open/);
  });
});

it('a whole number in a path is read as one, and nothing else is', async () => {
  const Id = Type.Object({ id: Type.Integer({ minimum: 1 }) }, { description: 'A number' });
  const { contract } = await contractWith((app) =>
    app.get(
      '/of/:id',
      { schema: { summary: 'One', params: Id, response: { 200: Id } } },
      async ({ params }) => params,
    ),
  );
  expect(await contract.ask('GET /of/{id}', 200, { params: { id: '12' } })).toEqual({ id: 12 });
  for (const id of ['1.5', '1e2', '0x1', ' 1', '-1', 'NaN', 'true'])
    await contract.ask('GET /of/{id}', 400, { params: { id } });
});
