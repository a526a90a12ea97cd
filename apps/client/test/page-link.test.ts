import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { offerPage } from '../src/daemon/page-link.ts';

const PAGE = 'https://market.example/app/';
const TOKEN = 'x'.repeat(43);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hamster-page-'));
  await writeFile(join(home, 'api.token'), TOKEN, { mode: 0o600 });
});
afterAll(() => rm(home, { recursive: true }));

/** What is printed and what is logged where standard output is a terminal, or is not. */
async function offered({ isTTY }: { isTTY: boolean }) {
  const printed: string[] = [];
  const logged: unknown[] = [];
  const output = Object.assign(new PassThrough(), { isTTY });
  await offerPage(
    PAGE,
    { url: 'http://127.0.0.1:9618', tokenPath: join(home, 'api.token') },
    {
      terminal: { input: new PassThrough(), output, errors: new PassThrough() },
      print: (text) => void printed.push(text),
      log: { info: (...line: unknown[]) => void logged.push(...line) },
    },
  );
  return { printed, logged };
}

it('the link that connects a page is shown at a terminal', async () => {
  const { printed, logged } = await offered({ isTTY: true });
  expect(printed).toEqual([`${PAGE}#/daemon?url=http%3A%2F%2F127.0.0.1%3A9618&token=${TOKEN}`]);
  expect(logged).toEqual([]);
});

it('the token stays out of what a service writes, which says where it is', async () => {
  const { printed, logged } = await offered({ isTTY: false });
  expect(printed).toEqual([]);
  expect(logged).toEqual([
    { page: PAGE, api: 'http://127.0.0.1:9618', tokenFile: join(home, 'api.token') },
    expect.stringContaining('connect it there by hand'),
  ]);
});
