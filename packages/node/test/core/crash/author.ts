import { inspect } from 'node:util';
import { createRuntime, PRESETS } from '@hamster/runtime';
import { startNode } from '../../../src/index.ts';

const [basePath = ''] = process.argv.slice(2);
const quiet = () => undefined;
const logger = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (fields: object) => process.stderr.write(`${inspect(fields)}\n`),
};
const report = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** The development chain in a great hurry, telling of each block as soon as it is final. */
const chainSpec = {
  name: 'Crash',
  id: 'crash',
  chainType: 'Development',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: PRESETS.dev,
} as const;
const { backend } = await startNode(
  { chainSpec, basePath, blockTime: 1, logger, pruning: 16 },
  { runtime: createRuntime() },
);
report(backend.best());
backend.onBlock(({ number, hash, finalized }) => {
  if (finalized) report({ number, hash });
});
