#!/usr/bin/env node
import { runDaemon } from '@hamster/daemon';
import packageJson from '../package.json' with { type: 'json' };
import { compose } from './compose.ts';
import { EXAMPLES, nodeConfig } from './config.ts';

const { version } = packageJson;

await runDaemon({
  name: 'hamster-node',
  description: 'Runs a Hamster chain, and serves it to wallets and programs by JSON-RPC.',
  version,
  config: nodeConfig,
  commands: (program) => void program.addHelpText('after', EXAMPLES),
  start: (context) => compose(context, version),
  stopDeadlineMs: 5_000,
});
