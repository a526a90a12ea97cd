import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import { openDatabase } from '../src/storage/database.ts';
import { openChain } from '../src/storage/open-chain.ts';
import { SPEC_WITH_ACCOUNTS } from '../test/core/crash/spec-with-accounts.ts';
import { temporaryFolder } from '../test/core/harness.ts';

const BEGINNER = fileURLToPath(new URL('../test/core/crash/beginner.ts', import.meta.url));

/** What a node finds, or makes, on that base path. */
async function chainOn(basePath: string) {
  const database = await openDatabase({ basePath }, SPEC_WITH_ACCOUNTS.id);
  try {
    const { chain } = await openChain({
      ...{ database, spec: SPEC_WITH_ACCOUNTS, pruning: undefined },
      runtime: createRuntime(),
    });
    const { hash, number, state } = chain.parent(chain.best());
    const keys = [...state.keys(new Uint8Array())].length;
    return { hash, number, keys, nodes: chain.state.nodeCount() };
  } finally {
    await database.close();
  }
}

it('a chain whose beginning was cut short by a kill begins anew, as if nothing had been', async () => {
  const basePath = await temporaryFolder();
  const beginner = spawn(process.execPath, [BEGINNER, basePath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(beginner, 'exit') as Promise<[number | null, string | null]>;
  let said = '';
  for await (const text of beginner.stdout) said += String(text);
  expect([said, (await exited)[1]]).toEqual(['half of it is stored', 'SIGKILL']);

  const undisturbed = await chainOn(await temporaryFolder());
  expect(undisturbed).toMatchObject({ number: 0 });
  expect(undisturbed.keys).toBeGreaterThan(1_000);
  expect(await chainOn(basePath)).toEqual(undisturbed);
});
