/** Takes all blocks of a chain back; says when it begins, so that it can be killed while it does. */
import { writeSync } from 'node:fs';
import { revertChain } from '../../src/index.ts';
import { recorder, SPEC } from '../../test/core/harness.ts';
import { testRuntime } from '../../test/core/test-runtime.ts';

const [basePath = ''] = process.argv.slice(2);
writeSync(1, 'begins');
await revertChain(
  { chainSpec: SPEC, basePath, pruning: 'archive', logger: recorder().logger },
  { runtime: testRuntime() },
  { count: Number.MAX_SAFE_INTEGER, force: true },
);
