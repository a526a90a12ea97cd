import { request } from 'node:http';
import { expect } from 'vitest';
import type { ApiContract, Ask } from './api-contract.ts';
import type { Operation } from './served-document.ts';

/** Every documented operation refuses, in the documented shape, whoever has no token, and every page and name that is not known. */
export async function expectStrangersRefused(contract: ApiContract): Promise<void> {
  for (const operation of contract.operations) {
    const refused = async (ask: Ask, status: number, code: string): Promise<void> => {
      const answer = await contract.send(operation, { params: anyParams(operation), ...ask });
      expect(answer, operation.name).toMatchObject({ status, body: { code } });
    };
    if (!operation.isOpen) {
      await refused({}, 401, 'NO_TOKEN');
      await refused({ headers: { authorization: 'Bearer guess' } }, 401, 'WRONG_TOKEN');
    }
    await refused({ headers: { ...contract.bearer, origin: 'https://evil.example' } }, 403, 'FOREIGN_ORIGIN');
    await refused({ headers: { ...contract.bearer, 'sec-fetch-site': 'cross-site' } }, 403, 'FOREIGN_ORIGIN');
    expect(await statusUnderForeignName(contract, operation), operation.name).toBe(403);
  }
}

function anyParams({ parameters }: Operation): Record<string, string> {
  return Object.fromEntries(parameters.filter((one) => one.in === 'path').map(({ name }) => [name, '1']));
}

/** A name that was made to point here; fetch does not let one choose it. */
function statusUnderForeignName({ url, bearer }: ApiContract, { method, path }: Operation): Promise<number> {
  const headers = { ...bearer, host: 'evil.example' };
  return new Promise((resolve, reject) => {
    const asked = request(url + path.replaceAll(/\{\w+\}/g, '1'), { method, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('error', reject).end();
  });
}
