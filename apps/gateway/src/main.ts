import { accountCommand, configOf, keystoreIn, processTerminal, runDaemon } from '@hamster/daemon';
import { addGatewayCommands } from './commands/gateway-commands.ts';
import { config } from './config.ts';
import { VERSION } from './version.ts';
import { start } from './start.ts';

await runDaemon({
  name: 'hamster-gateway',
  description: 'Connects renters with machines that have no public address: a relay on a public host',
  version: VERSION,
  config,
  start,
  stopDeadlineMs: 30_000,
  commands(program) {
    const settings = () => configOf(program, config, process.env);
    program.addCommand(
      accountCommand(async () => {
        const { home, passphraseFile } = await settings();
        const passphrase = { file: passphraseFile, env: process.env, terminal: processTerminal() };
        return { keystore: keystoreIn(home), passphrase, json: false };
      }),
    );
    addGatewayCommands(program, settings);
  },
});
