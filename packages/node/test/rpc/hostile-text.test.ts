import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const DEPTH = 50_000;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const request = (fields: string) => `{"jsonrpc":"2.0",${fields}}`;
const NAME = 'Hamster Node';
const PARSE = -32700;
const INVALID = -32600;
const PARAMS = -32602;

/** Requests whose ids are none, which makes them notifications. */
const UNANSWERED = [
  ['a deep id', request(`"id":${nested(DEPTH)},"method":"system_name"`)],
  ['a number beyond all numbers as id', request('"id":1e999,"method":"system_name"')],
  ['an id that is given twice', request('"id":1000,"id":1001,"method":"system_name"')],
] as const;

/** Text, and the result or the code of the error that it is answered with. */
const CASES: readonly (readonly [what: string, text: string, answer: unknown])[] = [
  ['lists that never end', '['.repeat(DEPTH), PARSE],
  ['lists in lists', nested(DEPTH), INVALID],
  ['objects in objects', objects(DEPTH), PARSE],
  [
    'lists in lists with a long id among them',
    `${'['.repeat(DEPTH)}{"id":12345678901234567}${']'.repeat(DEPTH)}`,
    INVALID,
  ],
  ['deep parameters', request(`"id":1000,"method":"state_getStorage","params":${nested(DEPTH)}`), PARAMS],
  ['deep parameters by name', request(`"id":1000,"method":"state_call","params":${objects(DEPTH)}`), PARAMS],
  [
    'deep parameters that are surplus',
    request(`"id":1000,"method":"system_name","params":${nested(DEPTH)}`),
    NAME,
  ],
  [
    'a number of many digits',
    request(`"id":1000,"method":"chain_getBlockHash","params":[${'9'.repeat(50_000)}]`),
    PARAMS,
  ],
  ['a method that is given twice', request('"id":1000,"method":"nothing","method":"system_name"'), INVALID],
  [
    'a method that is given twice, in other letters',
    request('"id":1000,"method":"nothing","m\\u0065thod":"system_name"'),
    INVALID,
  ],
  ['a version that is given twice', request('"id":1000,"jsonrpc":"2.0","method":"system_name"'), INVALID],
  [
    'parameters that are given twice',
    request('"id":1000,"params":["0x01"],"method":"state_getStorage","params" : ["0x02"]'),
    INVALID,
  ],
  [
    'a method that is given twice, in a list',
    `[${request('"id":1000,"method":"system_name","method":"system_name"')},${request('"id":1,"method":"nothing"')}]`,
    INVALID,
  ],
  [
    'members of parameters that have the names of its own',
    request('"id":1000,"method":"system_name","params":[{"id":1,"method":"method"},"id","\\"id\\":"]'),
    NAME,
  ],
  [
    'a member nobody knows that is given twice',
    request('"x":1,"id":1000,"x":2,"method":"system_name"'),
    NAME,
  ],
  ['a request in __proto__', '{"__proto__":{"jsonrpc":"2.0","id":1000,"method":"system_name"}}', PARSE],
  [
    'parameters in __proto__',
    request('"id":1000,"method":"state_getStorage","params":{"__proto__":{"key":"0x01"}}'),
    PARAMS,
  ],
  ['a method of all objects', request('"id":1000,"method":"__proto__","params":[]'), -32601],
  ['half a character as id', request('"id":"\\ud800","method":"system_name"'), NAME],
  [
    'half a character as parameter',
    request('"id":1000,"method":"state_call","params":["\\udfff","0x"]'),
    4003,
  ],
  ['NUL in a method', request('"id":1000,"method":"system_name\\u0000"'), -32601],
  ['NUL as it is', request('"id":1000,"method":"system_name\u0000"'), PARSE],
  ['a mark of the order of bytes', `\ufeff${request('"id":1000,"method":"system_name"')}`, PARSE],
  ['nothing', '', PARSE],
];

describe('text that is meant to do harm', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve(new FakeBackend());
  });
  afterAll(() => server.stop());

  it.each(CASES)('is answered when it is %s', async (_what, text, wanted) => {
    const client = await server.connect();
    const [first] = [await client.raw(text)].flat();
    expect(first?.error?.code ?? first?.result).toBe(wanted);
    expect(await client.call('system_name')).toBe(NAME);
    expect(server.faults).toEqual([]);
  });

  it.each(UNANSWERED)('is not answered when it has %s', async (_what, text) => {
    const client = await server.connect();
    client.socket.send(text);
    expect(await client.call('system_name')).toBe(NAME);
    expect(client.received).toHaveLength(1);
    expect(server.faults).toEqual([]);
  });
});
