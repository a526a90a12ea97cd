import {
  ApiContract,
  expectHostileBodiesRefused,
  expectStrangersRefused,
  readExposition,
} from '@hamster/daemon-api/testing';
import { describe, expect, it } from 'vitest';
import { serveDaemon } from './support/served-daemon.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe("the API of the renter's daemon, held against its own document", () => {
  it('gives each documented answer in the documented shape', async () => {
    const { api } = await serveDaemon();
    const contract = await ApiContract.open(api);
    await contract.expectSound();
    for (const name of ['health', 'openapi.json', 'metrics', 'events', 'status', 'leases'])
      await contract.ask(`GET /${name}`, 200);
    expect(await contract.ask('GET /leases/{id}', 200, { params: { id: 7 } })).toMatchObject({ id: 7 });
    const body = { lease: 7, local: 0, remote: 22 };
    const { id } = (await contract.ask('POST /forwards', 201, { body })) as { readonly id: string };
    expect(await contract.ask('GET /forwards', 200)).toHaveLength(1);
    await contract.ask('GET /forwards/{id}/ssh', 200, { params: { id } });
    await contract.ask('DELETE /forwards/{id}', 200, { params: { id } });
    expect(contract.untried()).toEqual([]);
  });

  it('gives what it refuses in the documented shape', async () => {
    const { api } = await serveDaemon();
    const contract = await ApiContract.open(api);
    await contract.ask('GET /leases/{id}', 404, { params: { id: 8 } });
    for (const id of ['0', '-1', '7.5', 'NaN', '1e400', 'x', '../status', '%00'])
      await contract.ask('GET /leases/{id}', 400, { params: { id } });
    for (const id of [NOBODY, '__proto__', '../status', '\0'])
      for (const name of ['DELETE /forwards/{id}', 'GET /forwards/{id}/ssh'])
        await contract.ask(name, 404, { params: { id } });
    for (const name of ['DELETE /forwards/{id}', 'GET /forwards/{id}/ssh'])
      await contract.ask(name, 400, { params: { id: 'x'.repeat(65) } });
  });

  it('refuses strangers at every door', async () => {
    const { api, book } = await serveDaemon();
    await expectStrangersRefused(await ApiContract.open(api));
    expect(book.list()).toEqual([]);
  });

  it('refuses bodies that cannot be meant, and opens nothing', async () => {
    const { api, book } = await serveDaemon();
    const { id } = await book.open({ lease: 7, local: 0, remote: 80 });
    await expectHostileBodiesRefused(await ApiContract.open(api), {
      state: () => book.list(),
      params: { 'DELETE /forwards/{id}': { id } },
      taken: { 'POST /forwards': { lease: 7, local: 0, remote: 22 } },
    });
  });

  it('tells Prometheus what it can read', async () => {
    const { api } = await serveDaemon();
    const contract = await ApiContract.open(api);
    await contract.ask('GET /leases/{id}', 404, { params: { id: 8 } });
    const families = readExposition(String(await contract.ask('GET /metrics', 200)));
    expect(families.get('hamster_api_requests_total')?.samples).toContainEqual({
      name: 'hamster_api_requests_total',
      labels: { method: 'GET', route: '/leases/:id', status: '404' },
      value: 1,
    });
  });
});
