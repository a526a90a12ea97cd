#!/usr/bin/env node
import { runDaemon } from '@hamster/daemon';
import packageJson from '../package.json' with { type: 'json' };
import { EXAMPLES, nodeConfig } from './config.ts';
import { settingsOf } from './settings.ts';

const { version } = packageJson;

await runDaemon({
  name: 'hamster-node',
  description: 'Runs a Hamster chain, and serves it to wallets and programs by JSON-RPC.',
  version,
  config: nodeConfig,
  commands: (program) => void program.addHelpText('after', EXAMPLES),
  async start(context) {
    const settings = settingsOf(context.config);
    // Behind the settings, so that help and wrong flags are answered without loading the whole node.
    const { compose } = await import('./compose.ts');
    await compose(context, settings, version);
  },
  stopDeadlineMs: 5_000,
});
