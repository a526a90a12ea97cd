import { inspect } from 'node:util';
import { createRuntime } from '@hamster/runtime';
import { startNode } from '../../../src/index.ts';
import { ALICE } from '../dev-keys.ts';
import { CRASH_SPEC } from './spec.ts';

const [basePath = ''] = process.argv.slice(2);
const quiet = () => undefined;
const logger = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (fields: object) => process.stderr.write(`${inspect(fields)}\n`),
};
const report = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const { backend } = await startNode(
  { chainSpec: CRASH_SPEC, basePath, keys: ALICE, logger, pruning: 16 },
  { runtime: createRuntime() },
);
report(backend.best());
backend.onFinalized(({ number, hash }) => report({ number, hash }));
