import { runDaemon } from '@hamster/daemon';
import packageJson from '../package.json' with { type: 'json' };
import { exportBlocksCommand, importBlocksCommand } from './commands/blocks.ts';
import { buildSpecCommand } from './commands/build-spec.ts';
import { contextOf } from './commands/context.ts';
import { keyCommand } from './commands/key.ts';
import { purgeChainCommand, revertCommand } from './commands/upkeep.ts';
import { compose } from './compose.ts';
import { EXAMPLES, nodeConfig } from './config.ts';
import { settingsOf } from './settings.ts';

const { version } = packageJson;

await runDaemon({
  name: 'hamster-node',
  description: 'Runs a Hamster chain, and serves it to wallets and programs by JSON-RPC.',
  version,
  config: nodeConfig,
  commands(program) {
    const context = contextOf(program);
    program
      .addHelpText('after', EXAMPLES)
      .addCommand(buildSpecCommand(context))
      .addCommand(exportBlocksCommand(context))
      .addCommand(importBlocksCommand(context))
      .addCommand(revertCommand(context))
      .addCommand(purgeChainCommand(context))
      .addCommand(keyCommand(context));
  },
  start: (context) => compose(context, settingsOf(context.config), version),
  stopDeadlineMs: 5_000,
});
